import type { IndicatorNeed } from '../engine/strategy.ts';
import { indicatorColumn } from '../indicators/columns.ts';
import { Chance } from '../venue/chance.ts';

/** Prices of a run, known before it begins: nothing the bot does moves the market. */
export type PriceWalk = {
  readonly timesMs: Float64Array;
  readonly priceTicks: Float64Array;
  readonly count: number;
};

/** Closed candles with the indicators known at each close. */
export type ClosedCandles = {
  readonly closeMs: Float64Array;
  readonly closeTicks: Float64Array;
  readonly indicators: readonly Float64Array[];
  readonly count: number;
};

type WalkOptions = {
  readonly seed: number;
  readonly startMs: number;
  readonly endMs: number;
  readonly startTicks: number;
  /** Standard deviation of one move, as a share of the price. */
  readonly volatility: number;
  readonly meanGapMs: number;
  /** Jumps across several levels, times an hour, until `gapsEndMs`. */
  readonly gapsPerHour: number;
  readonly gapsEndMs: number;
};

const GAP_MOVES = 25;

export function priceWalk(options: WalkOptions): PriceWalk {
  const { seed, startMs, endMs, meanGapMs } = options;
  const moves = new Chance(seed, 'price moves');
  const waits = new Chance(seed, 'price waits');
  const gaps = new Chance(seed, 'priceGap');
  const most = Math.ceil((endMs - startMs) / (meanGapMs / 2)) + 2;
  const timesMs = new Float64Array(most);
  const priceTicks = new Float64Array(most);
  const gapChance = (options.gapsPerHour * meanGapMs) / 3_600_000;
  let ticks = options.startTicks;
  let count = 0;
  let atMs = startMs;
  while (atMs < endMs && count < most) {
    timesMs[count] = atMs;
    priceTicks[count] = ticks;
    count += 1;
    const gap = atMs < options.gapsEndMs && gaps.hits(gapChance) ? GAP_MOVES : 1;
    // The sum of three uniforms is bell enough, and has an end.
    const bell = 2 * (moves.unit() + moves.unit() + moves.unit()) - 3;
    const pull = 0.002 * Math.log(options.startTicks / ticks);
    ticks = Math.max(10, Math.round(ticks * Math.exp(pull + bell * options.volatility * gap)));
    atMs += waits.between(Math.ceil(meanGapMs / 2), Math.floor(1.5 * meanGapMs));
  }
  return { timesMs, priceTicks, count };
}

/** Candles of the walk, on UTC boundaries; the one the walk begins in counts. */
export function candlesOf(walk: PriceWalk, needs: readonly IndicatorNeed[]): ClosedCandles {
  const intervalMs = needs[0]?.intervalMs ?? 60_000;
  const closeMs: number[] = [];
  const high: number[] = [];
  const low: number[] = [];
  const close: number[] = [];
  let bucket = -1;
  for (let i = 0; i < walk.count; i += 1) {
    const price = walk.priceTicks[i] ?? 0;
    const own = Math.floor((walk.timesMs[i] ?? 0) / intervalMs);
    const last = close.length - 1;
    if (own === bucket) {
      high[last] = Math.max(high[last] ?? price, price);
      low[last] = Math.min(low[last] ?? price, price);
      close[last] = price;
      continue;
    }
    bucket = own;
    closeMs.push((own + 1) * intervalMs);
    high.push(price);
    low.push(price);
    close.push(price);
  }
  const columns = {
    high: Float64Array.from(high),
    low: Float64Array.from(low),
    close: Float64Array.from(close),
  };
  return {
    closeMs: Float64Array.from(closeMs),
    closeTicks: columns.close,
    indicators: needs.map((need) => indicatorColumn(need, columns)),
    // The last candle is still open when the walk ends.
    count: close.length - 1,
  };
}

/** When every indicator is known for the first time; Infinity for never. */
export function readyMs({ closeMs, indicators, count }: ClosedCandles): number {
  for (let i = 0; i < count; i += 1)
    if (indicators.every((column) => !Number.isNaN(column[i] ?? NaN)))
      return closeMs[i] ?? Infinity;
  return Infinity;
}
