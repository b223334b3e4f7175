import type { CallFailure, RateHeaders, TransportSocket } from '../../brokers/transport.ts';

/**
 * Everything the trading process can see is an Input, everything it does is an Effect. Between them
 * stands the session, which is pure: whoever runs it (the shell, the laboratory, a replay)
 * interprets effects and feeds what came of them. All times are the process's own clock.
 */
export type Input =
  /** The process starts; the journal's records have been folded. `run` counts the starts. */
  | {
      readonly t: 'boot';
      readonly atMs: number;
      readonly run: number;
      /** Of the program; a journal may outlive the one that began it. */
      readonly version?: string;
    }
  /** Connected; not yet authenticated or subscribed. */
  | { readonly t: 'open'; readonly atMs: number; readonly socket: Socket }
  | { readonly t: 'close'; readonly atMs: number; readonly socket: Socket }
  /** Parsed JSON, or the text when it did not parse. */
  | { readonly t: 'frame'; readonly atMs: number; readonly socket: Socket; readonly body: unknown }
  | {
      readonly t: 'reply';
      readonly atMs: number;
      readonly call: number;
      readonly status: number;
      readonly body: unknown;
      readonly headers?: RateHeaders;
    }
  | {
      readonly t: 'failed';
      readonly atMs: number;
      readonly call: number;
      readonly why: CallFailure;
    }
  | { readonly t: 'timer'; readonly atMs: number }
  /** The journal is durable up to and including this record. */
  | { readonly t: 'synced'; readonly atMs: number; readonly seq: number }
  | { readonly t: 'diskFailed'; readonly atMs: number; readonly why: string }
  /** A closed candle of the strategy's interval. */
  | {
      readonly t: 'candle';
      readonly atMs: number;
      /** One that closed no later than the last is not taken again. */
      readonly closeMs?: number;
      readonly closeTicks: number;
      readonly indicators: readonly number[];
    }
  | { readonly t: 'control'; readonly atMs: number; readonly word: ControlWord };

export type Socket = TransportSocket;
/** `stop`: the process is about to end; what it withdraws comes back with the next. */
export type ControlWord = 'halt' | 'resume' | 'flatten' | 'stop';

export type Effect =
  | {
      readonly t: 'call';
      readonly call: number;
      readonly method: 'GET' | 'POST';
      readonly path: string;
      readonly params: Readonly<Record<string, unknown>>;
      readonly timeoutMs: number;
    }
  | { readonly t: 'connect'; readonly socket: Socket }
  | { readonly t: 'disconnect'; readonly socket: Socket }
  /** Authenticate, subscribe, ping. The shell fills in what must not be written down. */
  | { readonly t: 'send'; readonly socket: Socket; readonly body: unknown }
  /** Wake me then; replaces the earlier one. Infinity: not at all. */
  | { readonly t: 'timer'; readonly atMs: number }
  /** A journal line, encoded. */
  | { readonly t: 'append'; readonly seq: number; readonly text: string }
  /** Make it durable up to this record; the answer is `synced` or `diskFailed`. */
  | { readonly t: 'sync'; readonly seq: number }
  | { readonly t: 'alarm'; readonly code: AlarmCode; readonly text: string };

/** Each has its page in docs/going-live.md: what it means and what to do. */
export const ALARM_CODES = [
  'unknown-for-long',
  'order-orphan',
  'late-fill',
  'foreign-fill',
  'foreign-order',
  'forced-fill',
  'unprotected',
  'position-differs',
  'quarantine',
  'catch-up-late',
  'banned',
  'configuration',
  'disk',
  'journal-diverges',
] as const;
export type AlarmCode = (typeof ALARM_CODES)[number];
