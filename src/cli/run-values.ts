import { InputError } from '../engine/invariant.ts';

const MS_OF_UNIT: Readonly<Record<string, number>> = {
  ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000,
};
/** Longer than any market there is: past it, it is a typing error. */
const MAX_DURATION_MS = 100 * 366 * 86_400_000;

/** A plain decimal within a range. `1e308`, `NaN`, `0x10` and the like are no decimals here. */
export function decimalValue(name: string, text: string, min: number, max: number): number {
  const value = /^-?\d{1,17}(\.\d{1,17})?$/.test(text) ? Number(text) : NaN;
  if (value >= min && value <= max) return value;
  throw new InputError(`${name} ${shown(text)} is not a number from ${min} to ${max}`);
}

export function wholeValue(name: string, text: string, min: number, max: number): number {
  const value = /^\d{1,16}$/.test(text) ? Number(text) : NaN;
  if (value >= min && value <= max) return value;
  throw new InputError(`${name} ${shown(text)} is not a whole number from ${min} to ${max}`);
}

/** Ticks and basis points: thousandths are the finest the matching computes with. */
export function thousandthsValue(name: string, text: string): number {
  const value = decimalValue(name, text, 0, 1_000);
  if (/^\d+(\.\d{1,3}0*)?$/.test(text)) return value;
  throw new InputError(`${name} ${shown(text)} has more than three digits after the point`);
}

/** 14d, 36h, 90m: a length of time in whole ms. */
export function durationValue(name: string, text: string): number {
  if (text === '0') return 0;
  const match = /^(\d{1,9}(?:\.\d{1,6})?)(ms|s|m|h|d|w)$/.exec(text);
  const ms = match === null ? NaN : Number(match[1]) * (MS_OF_UNIT[match[2] ?? ''] ?? NaN);
  if (Number.isInteger(ms) && ms <= MAX_DURATION_MS) return ms;
  throw new InputError(`${name} ${shown(text)} is not a length of time: write 14d, 36h or 90m`);
}

export function choiceValue<Choice extends string>(
  name: string, text: string, choices: readonly Choice[],
): Choice {
  const found = choices.find((choice) => choice === text);
  if (found !== undefined) return found;
  throw new InputError(`${name} ${shown(text)} is not one of ${choices.join(', ')}`);
}

/** What a person wrote, short enough and without line breaks. */
export function shown(text: string): string {
  const line = JSON.stringify(text);
  const bare = /^[^\s"\\]+$/.test(text) ? text : line;
  return bare.length > 60 ? `${bare.slice(0, 57)}...` : bare;
}
