import type { EventRegister } from './events.ts';
import type { View } from './view.ts';

/** A closed candle and its indicators become known; true when the warm-up ends with it. */
export function takeClose(view: View, event: EventRegister): boolean {
  const values = event.indicators;
  let ready = true;
  for (let i = 0; i < view.indicators.length; i += 1) {
    const value = values[i] ?? NaN;
    view.previousIndicators[i] = view.indicators[i] ?? NaN;
    view.indicators[i] = value;
    if (!(value === value)) ready = false;
  }
  view.closeTicks = event.priceTicks;
  for (let slot = 0; slot < view.slotCount; slot += 1) view.slotPostOnlyWait[slot] = 0;
  const becameReady = ready && !view.ready;
  view.ready = ready;
  return becameReady;
}

export function warmUpDone(view: View): void {
  view.warmupCloseTicks = view.closeTicks;
  view.highestCloseTicks = view.closeTicks;
  view.lowestCloseTicks = view.closeTicks;
}

/** The extremes of closes since the last fill. */
export function widenExtremes(view: View, closeTicks: number): void {
  if (closeTicks > view.highestCloseTicks) view.highestCloseTicks = closeTicks;
  if (closeTicks < view.lowestCloseTicks) view.lowestCloseTicks = closeTicks;
}
