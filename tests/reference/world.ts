import type { InstrumentSpec } from '../../src/engine/instrument.ts';
import type { ExecutionProfile } from '../../src/venue/execution-profile.ts';
import type { LegName } from './chance.ts';
import type { EngineState } from './engine-state.ts';

export type Candle = {
  readonly t: number; readonly open: number; readonly high: number; readonly low: number;
  readonly close: number; readonly volume: number;
};

export type Settlement = { readonly t: number; readonly price: number | undefined; readonly rate: number | string; readonly fallback: boolean };

/** An indicator candle that closed, with the values it gave. */
export type KnownClose = { readonly knownAt: number; readonly close: number; readonly values: readonly (number | undefined)[] };

export type PathName = 'direction' | 'high-first' | 'low-first' | 'adverse';

/** What does not change during a run, but for `highFirst`, decided candle by candle in adverse. */
export type World = {
  readonly candles: readonly Candle[];
  readonly intervalMs: number;
  readonly spec: InstrumentSpec;
  readonly inverse: boolean;
  readonly moneyUnit: bigint;
  readonly profile: ExecutionProfile;
  readonly tables: Readonly<Record<LegName, readonly number[]>>;
  /** Legs whose table holds more than one value. */
  readonly draws: Readonly<Record<LegName, boolean>>;
  readonly volatile: readonly boolean[];
  readonly highFirst: boolean[];
  readonly path: PathName;
  readonly seed: number;
  readonly startMs: number;
  readonly endMs: number;
  readonly leverage: number;
  /** Money units; undefined = not given. */
  readonly capital: bigint | undefined;
  readonly mark: readonly Candle[] | undefined;
  readonly settlements: readonly Settlement[];
  /** What one step held over the first i settlements has paid, in float64. */
  readonly fundingLong: readonly number[];
  readonly fundingShort: readonly number[];
  readonly closes: readonly KnownClose[];
};

export type Ledger = { position: number; entry: bigint; realised: bigint; fees: bigint; funding: bigint };

export type OrderKind = 'limit' | 'market' | 'stop';

export type VenueOrder = {
  readonly id: number; readonly key: number; readonly side: number; kind: OrderKind;
  price: number; qty: number; filled: number;
  readonly reduceOnly: boolean; readonly postOnly: boolean;
  rank: number;
  /** Arrived while the market was closed. */
  waiting: boolean;
  /** Arrived in this ms at its fill level. */
  fresh: boolean;
};

export type EndReason = 'filled' | 'user' | 'post-only' | 'ioc' | 'reduce-only' | 'margin' | 'liquidation';

export type Request =
  | { readonly type: 'place'; readonly id: number; readonly key: number; readonly side: number; readonly kind: OrderKind;
      readonly price: number; readonly qty: number; readonly reduceOnly: boolean; readonly postOnly: boolean }
  | { readonly type: 'amend'; readonly id: number; readonly key: number; readonly price: number; readonly qty: number }
  | { readonly type: 'cancel'; readonly id: number; readonly key: number };

export type News =
  | { readonly type: 'answer'; readonly request: Request; readonly code: number }
  | { readonly type: 'execution'; readonly id: number; readonly key: number; readonly side: number; readonly price: number;
      readonly qty: number; readonly fee: bigint; readonly funding: bigint; readonly t: number }
  | { readonly type: 'triggered'; readonly id: number; readonly key: number }
  | { readonly type: 'ended'; readonly id: number; readonly key: number; readonly reason: EndReason; readonly filled: number }
  | { readonly type: 'price' };

export type Message =
  | { readonly due: number; readonly kind: 1; readonly seq: number; readonly body: Request }
  | { readonly due: number; readonly kind: 2; readonly seq: number; readonly body: News };

export type Fill = {
  readonly t: number; readonly id: number; readonly slot: number; readonly role: number; readonly side: number;
  readonly price: number; readonly qty: number; readonly maker: boolean; readonly fee: number;
};

/** The whole run as plain data: structuredClone copies it. */
export type State = {
  now: number;
  seq: number;
  pending: Message[];
  draws: Record<LegName, { t: number; n: number }>;
  lastRequest: number;
  lastExecution: number;
  lastUpdate: number;
  rank: number;
  orders: VenueOrder[];
  used: number;
  /** The position has changed since liquidation was last looked at. */
  traded: boolean;
  /** When the position last changed. */
  changedAt: number;
  ledger: Ledger;
  settled: number;
  liquidatedAt: number | undefined;
  nextClose: number;
  moments: number;
  fills: Fill[];
  seenFeatures: Record<string, number>;
  engine: EngineState;
};
