import type { Instrument } from '../engine/instrument.ts';
import type { Tape } from '../market/tape.ts';
import type { BacktestResult, MetricDefinition } from '../sweep/results.ts';
import type { ReportOrderLife } from './order-life.ts';
import type { FillColumns } from '../sweep/run-record.ts';

/** Profit curves in the settle currency on the same capital, over one time axis. */
export type EquityCurves = {
  readonly timeMs: Float64Array;
  readonly strategy: Float64Array;
  readonly buyAndHold: Float64Array;
  /** Null where idle collateral earns nothing (linear contracts). */
  readonly idle: Float64Array | null;
};

export type ReportTrade = {
  readonly side: 'long' | 'short';
  readonly entryTimeMs: number;
  readonly exitTimeMs: number;
  readonly entryPrice: number;
  readonly exitPrice: number;
  readonly qty: number;
  readonly netPnl: number;
  readonly maePct: number;
  readonly mfePct: number;
  readonly holdMs: number;
  readonly exitRole: string;
  readonly openAtEnd: boolean;
};

/** From `timeMs` on the slot's working order of this kind stands at `price`; null = none. */
export type LevelChange = {
  readonly timeMs: number;
  readonly price: number | null;
  readonly kind: 'entry' | 'exit' | 'stop';
  readonly slot: number;
};

export type ReasonSpan = {
  readonly fromMs: number;
  readonly untilMs: number;
  readonly slot: number;
  readonly code: number | string;
  readonly text: string;
};

/** An order's fills on trades and its twin's on candles, or those of only one of the two runs. */
export type BesideFill = {
  readonly where: 'both' | 'trades' | 'candles';
  readonly side: 'buy' | 'sell';
  readonly role: string;
  /** On trades, where there are any. */
  readonly timeMs: number;
  readonly price: number;
  /** Of both: ms later, and how much worse in quote currency, than on candles. */
  readonly laterMs: number | null;
  readonly worse: number | null;
};

export type BesideRuns = {
  /** Profit of the run on candles, over the same times as the other curves. */
  readonly candlesProfit: Float64Array;
  readonly fills: readonly BesideFill[];
};

export type BacktestReportInput = {
  readonly result: BacktestResult;
  readonly metrics: readonly MetricDefinition[];
  readonly equity: EquityCurves;
  readonly tape: Tape;
  readonly firstRow: number;
  readonly endRow: number;
  readonly instrument: Instrument;
  readonly fills: FillColumns;
  readonly trades: readonly ReportTrade[];
  readonly levels: readonly LevelChange[];
  readonly reasons: readonly ReasonSpan[];
  /** The least known first, of `orderCount` orders. */
  readonly orderLives: readonly ReportOrderLife[];
  readonly orderCount: number;
  /** Null but for the path `trades`. */
  readonly beside: BesideRuns | null;
};
