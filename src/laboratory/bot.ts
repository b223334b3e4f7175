import type { Effect, Input } from '../live/session/protocol.ts';

/** What the process under test believes, for the auditor to hold against the truth. */
export type Belief = {
  readonly positionSteps: number;
  /** Realised PnL - fees - funding, settle money units. */
  readonly cashMoney: number;
  /** What the open position was entered for. */
  readonly entryMoney: number;
  readonly unknownOrders: number;
  /** Entries may be sent: neither recovering nor in safe mode nor halted. */
  readonly isTrading: boolean;
  /** One line for whoever reads a failure. */
  readonly says: string;
  /** Signed. */
  slotSteps(slot: number): number;
  knowsOrder(linkId: string): boolean;
};

/** The process under test between its inputs and its effects. */
export type Bot = {
  readonly effects: Effect[];
  readonly belief: Belief;
  /** What a start writes down before anything else: the state it begins with. */
  opening?(): string;
  handle(input: Input): void;
  digest(): string;
  /** What the digest is of, as text: read only when two digests differ. */
  describe(): string;
};

/** What a start makes of the journal it finds. */
export type Started =
  | { readonly ok: true; readonly bot: Bot; readonly wholeLength: number }
  | { readonly ok: false; readonly why: string };

export type BotMaker = {
  /** `unchanged`: up to this byte the file is the one that the last start read. */
  start(journal: Uint8Array, unchanged: number): Started;
  /** From the first byte and the first record, whatever was read or kept before. */
  foldWhole(journal: Uint8Array): Started;
  /** A journal of somebody else, as a careless copy would leave it. */
  foreignJournal(): Uint8Array;
};
