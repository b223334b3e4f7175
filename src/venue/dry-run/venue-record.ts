import type { Body } from '../exchange/order-ask.ts';

/** Everything that changed the venue, in order: played again, it stands where it stood. */
export type VenueRecord =
  | {
      readonly t: 'price';
      readonly atMs: number;
      readonly lastTicks: number;
      readonly markTicks: number;
      readonly indexTicks: number;
    }
  | LineRecord
  /** What a candle may fill from now on, where the profile limits it. */
  | { readonly t: 'volume'; readonly atMs: number; readonly steps: number }
  /** The funding rate of a settlement. */
  | { readonly t: 'rate'; readonly dueMs: number; readonly rate: string }
  | {
      readonly t: 'post';
      readonly atMs: number;
      readonly sentMs: number;
      readonly path: string;
      readonly body: Body;
    };

/** The price went straight from one point to another, as far as `untilMs`. */
export type LineRecord = {
  readonly t: 'line';
  /** Of the minute that told of it, which may be over by then. */
  readonly candleMs: number;
  readonly fromMs: number;
  readonly fromTicks: number;
  readonly toMs: number;
  readonly toTicks: number;
  readonly untilMs: number;
  readonly markTicks: number;
};

export interface VenueBook {
  append(record: VenueRecord): void;
  /** What was appended outlives the machine from now on. */
  sync(): void;
}
