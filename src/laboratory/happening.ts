import type { FaultKind } from './faults.ts';
import type { RateHeaders } from '../brokers/transport.ts';
import type { Socket } from '../live/session/protocol.ts';

/** A call on its way: to the exchange, and back to the process that made it. */
export type Call = {
  readonly call: number;
  /** The process that made it; a later one knows nothing of it. */
  readonly run: number;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly sentMs: number;
  /** The clock's error when it was sent, less what the process knew of it. */
  readonly clockErrorMs: number;
  /** The fault that befell it, drawn when it was sent. */
  readonly fault: FaultKind | undefined;
  readonly faultDelayMs: number;
  /** The caller has its answer, or has given up. */
  isOver: boolean;
};

export type Connection = {
  readonly socket: Socket;
  readonly number: number;
  readonly run: number;
  isOpen: boolean;
  isSilent: boolean;
  /** Subscriptions have neither ack nor effect. */
  isMute: boolean;
  /** The login is refused with an echo of the request. */
  echoes: boolean;
  isAuthed: boolean;
  readonly topics: Set<string>;
  /** Frames of one connection keep their order. */
  lastFrameMs: number;
};

/** What is on the agenda of the world. */
export type Happening =
  | { readonly t: 'price'; readonly index: number }
  | { readonly t: 'candle'; readonly index: number }
  | { readonly t: 'arrive'; readonly call: Call }
  | {
      readonly t: 'reply';
      readonly call: Call;
      readonly status: number;
      readonly body: unknown;
      readonly headers: RateHeaders | undefined;
    }
  | { readonly t: 'giveUp'; readonly call: Call; readonly why: 'timeout' | 'reset' | 'refused' }
  | { readonly t: 'opened'; readonly connection: Connection }
  | { readonly t: 'closed'; readonly connection: Connection }
  | { readonly t: 'frame'; readonly connection: Connection; readonly body: unknown }
  | { readonly t: 'synced'; readonly run: number; readonly seq: number; readonly length: number }
  | { readonly t: 'syncFailed'; readonly run: number; readonly why: string }
  | { readonly t: 'start' }
  | { readonly t: 'fault'; readonly kind: FaultKind }
  | { readonly t: 'timed'; readonly kind: FaultKind }
  | { readonly t: 'handTradeBack' }
  /** A person looks after the process, and lets it trade again. */
  | { readonly t: 'operator' }
  | { readonly t: 'control'; readonly word: 'halt' | 'resume' | 'flatten' }
  | { readonly t: 'calm' }
  | { readonly t: 'calmCrash' }
  | { readonly t: 'audit' };
