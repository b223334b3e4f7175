import type { Instrument } from '../engine/instrument.ts';
import type { BesideFills } from './beside-results.ts';
import { quantilesOf } from './latency-quantiles.ts';
import { priceDifference, worseTicks } from './latency-twin.ts';
import type { FillPair, MatchedFills } from './latency-twin.ts';

/** Fills of a run on trades against those of the same run on candles: `run` is the one on trades. */
export function besideFills(
  { pairs, extra, missed }: MatchedFills,
  instrument: Instrument,
  candleMs: number,
  windowMs: number,
): BesideFills {
  const laterMs = pairs.map(({ run, twin }) => run.timeMs - twin.timeMs);
  const ticks = pairs.map((pair) => worseTicks(pair, instrument));
  const count = (holds: (pair: FillPair) => boolean): number => pairs.filter(holds).length;
  const candleOf = (timeMs: number): number => Math.floor(timeMs / candleMs);
  return {
    windowMs,
    matched: pairs.length,
    onlyOnTrades: extra.length,
    onlyOnCandles: missed.length,
    sameCandle: count(({ run, twin }) => candleOf(run.timeMs) === candleOf(twin.timeMs)),
    samePrice: ticks.filter((each) => each === 0).length,
    later: quantilesOf(laterMs.filter((ms) => ms > 0)),
    earlier: quantilesOf(laterMs.filter((ms) => ms < 0).map((ms) => -ms)),
    worse: priceDifference(pairs, ticks, instrument, 1),
    better: priceDifference(pairs, ticks, instrument, -1),
    becameTaker: count(({ run, twin }) => run.takerSteps > 0 && twin.takerSteps === 0),
    becameMaker: count(({ run, twin }) => run.takerSteps === 0 && twin.takerSteps > 0),
  };
}
