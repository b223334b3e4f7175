import type { Fraction } from './fraction.ts';
import { emptyLedger } from './money.ts';
import type { EndReason, Ledger, OrderKind } from './world.ts';

/** What the engine believes about one order. */
export type KnownOrder = {
  readonly id: number; readonly side: number; readonly sentAt: number;
  /** A stop whose trigger is known is a market order. */
  kind: OrderKind;
  /** As last asked, and as last accepted. */
  price: number; qty: number; acceptedPrice: number; acceptedQty: number;
  filled: number;
  inFlight: 'place' | 'amend' | 'cancel' | undefined;
  /** Our cancel was accepted, or a change was refused: only the end is awaited. */
  ending: boolean;
  /** Quantity filled according to the venue's last word. */
  endedWith: number | undefined;
  endReason: EndReason | undefined;
};

export type Slot = {
  qty: number; side: number;
  /** Of the first known entry execution; undefined when there is none. */
  entryPrice: number | undefined;
  entryAtr: number; entryMs: number;
  stopTriggered: boolean;
};

export type Want = {
  readonly kind: OrderKind; readonly side: number; readonly price: number; readonly qty: number;
  readonly reduceOnly: boolean; readonly postOnly: boolean;
};

export type Plan = {
  readonly wants: Map<number, Want>;
  /** The next price that matters below and above. */
  low: number; high: number;
  wakes: number[];
};

export type EngineState = {
  started: boolean;
  readonly slots: Slot[];
  readonly orders: (KnownOrder | undefined)[];
  readonly waits: { until: number; backoff: number }[];
  attempt: number;
  /** When a market order of this key was last sent. */
  readonly marketSentAt: (number | undefined)[];
  close: number | undefined;
  values: readonly (number | undefined)[];
  previous: readonly (number | undefined)[];
  /** The newest close became known after the start. */
  closeIsNews: boolean;
  warm: boolean;
  anchor: number | undefined;
  highest: number; lowest: number;
  anyExecution: boolean;
  lastStopMs: number;
  postOnlyWait: boolean;
  seen: number;
  price: Fraction | undefined;
  firstPrice: Fraction | undefined;
  low: number; high: number;
  /** The price message under way. */
  crossing: { s: number; posted: boolean } | undefined;
  searchedTo: number;
  timer: number | undefined;
  /** What the strategy last wanted. */
  plan: Plan | undefined;
  readonly ledger: Ledger;
};

export const ENTRY = 0;
export const EXIT = 1;
export const STOP = 2;
export const CLOSE = 3;

export function emptySlot(): Slot {
  return { qty: 0, side: 0, entryPrice: undefined, entryAtr: NaN, entryMs: NaN, stopTriggered: false };
}

export function emptyEngine(slots: number): EngineState {
  return {
    started: false,
    slots: Array.from({ length: slots }, emptySlot),
    orders: Array.from({ length: slots * 4 }, () => undefined),
    waits: Array.from({ length: slots * 4 }, () => ({ until: -Infinity, backoff: 0 })),
    attempt: 0, marketSentAt: [], close: undefined, values: [], previous: [], closeIsNews: false, warm: false, anchor: undefined,
    highest: -Infinity, lowest: Infinity, anyExecution: false, lastStopMs: -Infinity, postOnlyWait: false,
    seen: -Infinity, price: undefined, firstPrice: undefined, low: -Infinity, high: Infinity,
    crossing: undefined, searchedTo: -Infinity, timer: undefined, plan: undefined, ledger: emptyLedger(),
  };
}
