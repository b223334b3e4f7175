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
};
