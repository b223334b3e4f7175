import type { Instrument } from './instrument.ts';
import type { ParameterSpec, ParameterValues } from './parameters.ts';
import type { Plan } from './plan.ts';
import type { View } from './view.ts';

/** An indicator over closed candles of `intervalMs`, resampled from the tape, in ticks. */
export type IndicatorNeed = {
  readonly kind: 'atr' | 'sma' | 'ema';
  readonly period: number;
  readonly intervalMs: number;
};

/** What a strategy needs to run with one set of parameters. */
export type StrategySetup<Compiled> = {
  /** Parameters in ticks, steps and ms: what `plan` reads. Same shape for every set. */
  readonly compiled: Compiled;
  readonly slotCount: number;
  /** All of one interval; none = no candle close is ever delivered. */
  readonly indicators: readonly IndicatorNeed[];
  /** The plan depends on the known price: it sets a band and reads `view.priceTicks`. */
  readonly watchesPrice: boolean;
  /** Sizing reads `view.equityMoney`: the run needs a capital. */
  readonly needsCapital: boolean;
};

/**
 * A strategy says what it wants, and until when that stays true. It never places an order itself,
 * and its `plan` is a function of `view` and `compiled` alone: asking more often changes nothing.
 */
export type Strategy<Compiled> = {
  readonly name: string;
  readonly summary: string;
  readonly parameters: readonly ParameterSpec[];
  /** Checks the parameters against the instrument. Throws InputError. */
  setup(params: ParameterValues, instrument: Instrument): StrategySetup<Compiled>;
  plan(view: View, compiled: Compiled, plan: Plan): void;
};

/** A strategy whose compiled parameters only it can read. */
export type AnyStrategy = Strategy<unknown>;

/** Forgets the compiled type; the strategy only ever gets back what its own setup returned. */
export function anyStrategy<Compiled>(strategy: Strategy<Compiled>): AnyStrategy {
  return strategy as unknown as AnyStrategy;
}
