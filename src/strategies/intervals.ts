import { InputError } from '../engine/invariant.ts';

const UNIT_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** "15m", "1h", "1d" in ms. */
export function intervalMsOf(name: string): number {
  const match = /^(\d+)([mhd])$/.exec(name);
  const unit = UNIT_MS[match?.[2] ?? ''];
  if (match === null || unit === undefined) {
    throw new InputError(`"${name}" is not an interval such as 15m, 1h or 1d`);
  }
  return Number(match[1]) * unit;
}
