import type { Instrument } from '../../engine/instrument.ts';

export function sideText(side: number): 'Buy' | 'Sell' {
  return side > 0 ? 'Buy' : 'Sell';
}

/** Empty where it never happened. */
export function timeText(timeMs: number): string {
  return Number.isNaN(timeMs) ? '' : String(timeMs);
}

/** A price that may lie between ticks (a point of the path, a distance): two digits more then. */
export function ticksText(ticks: number, instrument: Instrument): string {
  if (!Number.isFinite(ticks)) return '';
  if (Number.isInteger(ticks)) return instrument.formatPrice(ticks);
  return (ticks * instrument.tickSize).toFixed(instrument.priceDigits + 2);
}
