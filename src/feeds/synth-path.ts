import { InputError } from '../engine/invariant.ts';
import { fatShock, SynthRandom } from './synth-random.ts';
import { SynthActivity } from './synth-volatility.ts';
import { MAX_PRICE_TICKS } from './tick-scale.ts';

const MINUTES_PER_YEAR = 525_600;
const SUB_STEPS = 12;
/** Jumps: one in this many minutes, carrying this share of the variance. */
const MINUTES_PER_JUMP = 2_000;
const JUMP_SHARE = 0.1;
/** No sub-step moves further than this, up or down alike. */
const LARGEST_MOVE = 0.25;

export type PathOptions = {
  readonly seed: number;
  readonly startTicks: number;
  readonly driftPercent: number;
  readonly volatilityPercent: number;
};

/**
 * A price in whole ticks, minute by minute, from twelve sub-steps each.
 *
 * It is a martingale (plus the drift asked for): every shock has mean zero whatever the regime,
 * because fat tails, jumps and cuts are exactly symmetric and the volatility is fixed before the
 * shock is drawn; the move is added to the price, not to its logarithm, so there is no
 * `sigma^2 / 2` to take off; and it is brought to ticks by `floor(move + u)` with u uniform,
 * whose expectation is the move itself, where rounding to the nearest would carry a bias along.
 */
export class SynthPath {
  open = 0;
  high = 0;
  low = 0;
  close: number;
  /** Trading of the minute, 1 on average. */
  turnover = 0;
  readonly #random: SynthRandom;
  readonly #activity: SynthActivity;
  readonly #minuteDeviation: number;
  readonly #driftPerStep: number;

  constructor(options: PathOptions) {
    this.#random = new SynthRandom(options.seed);
    this.#activity = new SynthActivity(this.#random);
    this.close = options.startTicks;
    this.#minuteDeviation = options.volatilityPercent / 100 / Math.sqrt(MINUTES_PER_YEAR);
    this.#driftPerStep = options.driftPercent / 100 / MINUTES_PER_YEAR / SUB_STEPS;
  }

  /** Draws the minute that opens at a time. */
  nextMinute(timeMs: number): void {
    const random = this.#random;
    const activity = this.#activity.next(timeMs);
    const deviation = this.#minuteDeviation;
    const step = deviation * activity * Math.sqrt((1 - JUMP_SHARE) / SUB_STEPS);
    const jumpAt = this.#drawJump();
    let price = this.close;
    let [high, low] = [price, price];
    for (let sub = 0; sub < SUB_STEPS; sub += 1) {
      let move = step * fatShock(random);
      if (sub === jumpAt) {
        move += deviation * Math.sqrt(JUMP_SHARE * MINUTES_PER_JUMP) * fatShock(random);
      }
      move = Math.min(LARGEST_MOVE, Math.max(-LARGEST_MOVE, move)) + this.#driftPerStep;
      price = Math.max(1, price + Math.floor(price * move + random.unit()));
      if (price > high) high = price;
      else if (price < low) low = price;
    }
    if (high > MAX_PRICE_TICKS) {
      throw new InputError('the synthetic price left 2^31 ticks: lower --drift or the period');
    }
    this.open = this.close;
    this.high = high;
    this.low = low;
    this.close = price;
    this.#trade(activity, deviation);
  }

  #drawJump(): number {
    const u = this.#random.unit() * MINUTES_PER_JUMP;
    return u < 1 ? Math.floor(u * SUB_STEPS) : -1;
  }

  /** Busy minutes trade more, and so do minutes that moved. */
  #trade(activity: number, deviation: number): void {
    const moved = (this.high - this.low) / (this.open * deviation || 1);
    const noise = 0.3 + 0.38 / Math.sqrt(this.#random.unit() + 0.01);
    this.turnover = (0.2 * activity + 0.5 * Math.min(moved, 40)) * noise;
  }
}
