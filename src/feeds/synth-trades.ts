import type { Instrument } from '../engine/instrument.ts';
import { MS_PER_DAY } from '../engine/units.ts';
import { SynthPath } from './synth-path.ts';
import { SynthRandom } from './synth-random.ts';
import { checkSynthOptions, synthRecipe, volumeScale } from './synthetic.ts';
import type { SynthOptions } from './synthetic.ts';
import { idHalves } from './trade-id.ts';
import { tradeRows } from './trade-rows.ts';
import type { MutableTradeRows, TradeRows } from './trade-rows.ts';

const MS_PER_MINUTE = 60_000;
/** In a minute of usual trading, and at most. */
const USUAL_TRADES = 30;
const MOST_TRADES = 400;
/** One taker order that meets several makers: so many trades follow in the ms of the one before. */
const SWEEP_SHARE = 0.25;

/**
 * Made-up trades along the minutes of the synthetic candles, day by day: busy minutes have more of
 * them, takers buy a tick above where they sell, and one order may be several trades of one ms.
 */
export function* synthesiseTrades(options: Omit<SynthOptions, 'intervalMs'>): Generator<TradeRows> {
  const { instrument, fromMs, toMs, seed } = options;
  const whole = { ...options, intervalMs: MS_PER_MINUTE };
  checkSynthOptions(whole);
  const recipe = synthRecipe(whole);
  const startTicks = Math.max(2, Math.round(recipe.startPrice / instrument.tickSize));
  const path = new SynthPath({ ...recipe, seed, startTicks });
  const volume = volumeScale(instrument, recipe.startPrice).perMinute / instrument.qtyStep;
  const draws = new TradeDraws(instrument, seed, volume);
  for (let dayMs = fromMs; dayMs < toMs;) {
    const endMs = Math.min(toMs, (Math.floor(dayMs / MS_PER_DAY) + 1) * MS_PER_DAY);
    const minutes = Math.ceil((endMs - dayMs) / MS_PER_MINUTE);
    const rows = tradeRows(minutes * MOST_TRADES);
    for (let ms = dayMs; ms < endMs; ms += MS_PER_MINUTE) {
      path.nextMinute(ms);
      draws.addMinute(rows, path, ms);
    }
    yield rows;
    dayMs = endMs;
  }
}

/** The trades of one minute after the other. */
class TradeDraws {
  readonly #random: SynthRandom;
  readonly #name: string;
  readonly #stepsPerMinute: number;

  constructor({ symbol }: Instrument, seed: number, stepsPerMinute: number) {
    // Draws of their own: the minutes stay those of the candles of this seed.
    this.#random = new SynthRandom((seed + 0x5eed) % Number.MAX_SAFE_INTEGER);
    this.#name = `${symbol} ${seed}`;
    this.#stepsPerMinute = stepsPerMinute;
  }

  addMinute(rows: MutableTradeRows, path: SynthPath, minuteMs: number): void {
    const random = this.#random;
    const wanted = Math.floor(USUAL_TRADES * path.turnover + random.unit());
    const count = Math.min(MOST_TRADES, Math.max(1, wanted));
    const highFirst = random.unit() < 0.5;
    const [first, second] = highFirst ? [path.high, path.low] : [path.low, path.high];
    const points = [path.open, first, second, path.close];
    const meanSteps = (this.#stepsPerMinute * path.turnover) / count;
    const times = Array.from({ length: count }, () => Math.floor(random.unit() * MS_PER_MINUTE));
    times.sort((a, b) => a - b);
    let [ms, side] = [-1, 1];
    for (const drawnMs of times) {
      const follows = ms >= 0 && random.unit() < SWEEP_SHARE;
      if (!follows) {
        ms = Math.max(ms, drawnMs);
        side = random.unit() < 0.5 ? -1 : 1;
      }
      this.#add(rows, minuteMs + ms, middleAt(points, ms), side, meanSteps);
    }
  }

  #add(
    rows: MutableTradeRows,
    timeMs: number,
    middle: number,
    side: number,
    meanSteps: number,
  ): void {
    const at = rows.count;
    const before = rows.timeUs[at - 1] ?? 0;
    // Many small trades and a few large ones, as far as one step allows.
    const steps = meanSteps * (0.1 + 0.29 / Math.sqrt(this.#random.unit() + 0.01));
    rows.timeUs[at] = Math.max(timeMs * 1_000, before);
    rows.priceTicks[at] = Math.max(1, side > 0 ? Math.floor(middle) + 1 : Math.ceil(middle) - 1);
    rows.sizeSteps[at] = Math.max(1, Math.floor(steps));
    rows.takerSide[at] = side;
    const [high, low] = idHalves(`${this.#name} ${timeMs} ${at}`);
    rows.idHigh[at] = high;
    rows.idLow[at] = low;
    rows.count = at + 1;
  }
}

/** Straight from the minute's open through its high and low to its close. */
function middleAt(points: readonly number[], ms: number): number {
  const leg = Math.min(2, Math.floor((3 * ms) / MS_PER_MINUTE));
  const from = points[leg] ?? NaN;
  const to = points[leg + 1] ?? NaN;
  return from + (to - from) * ((3 * ms) / MS_PER_MINUTE - leg);
}
