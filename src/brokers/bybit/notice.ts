/** What a person may want to read in the log: never a secret, a signature, or a raw message. */
export type TransportNotice = {
  readonly code: NoticeCode;
  readonly text: string;
};

export type NoticeCode =
  'auth-refused' | 'clock-outside-window' | 'trade-stream-ready' | 'trade-stream-down';
