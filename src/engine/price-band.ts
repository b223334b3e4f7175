import { NO_INDICATOR, anchorOf } from './plan.ts';
import type { Plan } from './plan.ts';
import type { View } from './view.ts';

/** Band of the known price in ticks, with the indicators known now: what leaves it is news. */
export class PriceBand {
  lowTicks = -Infinity;
  highTicks = Infinity;

  /** As the plan wants it. */
  set(plan: Plan, view: View): void {
    if (plan.bandLowBase === -Infinity && plan.bandHighBase === Infinity) {
      this.lowTicks = -Infinity;
      this.highTicks = Infinity;
      return;
    }
    const follows = plan.bandIndicator !== NO_INDICATOR;
    const value = follows ? (view.indicators[plan.bandIndicator] ?? NaN) : 0;
    const { highestCloseTicks: highest, lowestCloseTicks: lowest } = view;
    const below = anchorOf(plan.bandLowBase, plan.bandLowTrail, highest, lowest);
    const above = anchorOf(plan.bandHighBase, plan.bandHighTrail, highest, lowest);
    this.lowTicks = Math.floor(below + (plan.bandLowCoef === 0 ? 0 : plan.bandLowCoef * value));
    this.highTicks = Math.ceil(above + (plan.bandHighCoef === 0 ? 0 : plan.bandHighCoef * value));
  }

  /** A candle closed: a band that follows an indicator moves. */
  follow(plan: Plan, view: View): void {
    if (plan.bandIndicator !== NO_INDICATOR) this.set(plan, view);
  }
}
