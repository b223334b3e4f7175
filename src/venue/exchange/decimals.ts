import type { Instrument } from '../../engine/instrument.ts';

const PLAIN_DECIMAL = /^\d+(\.\d+)?$/;

/** A decimal string as a whole count of `unit`; NaN when it is not one. */
export function wholeCount(value: unknown, unit: number): number {
  if (typeof value !== 'string' || !PLAIN_DECIMAL.test(value)) return NaN;
  const count = Number(value) / unit;
  const whole = Math.round(count);
  return Math.abs(count - whole) < 1e-6 && Number.isSafeInteger(whole) ? whole : NaN;
}

/** "26.37252750" as "26.3725275". */
export function withoutZeros(text: string): string {
  if (!text.includes('.')) return text;
  let end = text.length;
  while (text.charCodeAt(end - 1) === 48) end -= 1;
  if (text.charCodeAt(end - 1) === 46) end -= 1;
  return text.slice(0, end);
}

export function moneyText(instrument: Instrument, units: number): string {
  return withoutZeros(instrument.formatMoney(Math.round(units)));
}

/** A price between ticks, in the digits that averages are shown with. */
export function averageText(instrument: Instrument, ticks: number): string {
  return withoutZeros((ticks * instrument.tickSize).toFixed(8));
}

export function sideWord(side: number): 'Buy' | 'Sell' {
  return side > 0 ? 'Buy' : 'Sell';
}
