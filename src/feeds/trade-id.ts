import { hash } from 'node:crypto';
import type { TradeRows } from './trade-rows.ts';

const HEX_DIGITS = 13;

/**
 * An id of any form as two whole numbers of 52 bits: the first 104 bits of its SHA-256. Among ten
 * billion trades two of them meet by chance once in 10^11 tries.
 */
export function idHalves(id: string): readonly [high: number, low: number] {
  const hex = hash('sha256', id, 'hex');
  const half = (from: number): number => Number.parseInt(hex.slice(from, from + HEX_DIGITS), 16);
  return [half(0), half(HEX_DIGITS)];
}

/** Two rows of one id, or undefined when every id is there once. */
export function repeatedId(rows: TradeRows): readonly [row: number, other: number] | undefined {
  const sorted = rows.idHigh.slice(0, rows.count).sort();
  const suspects = new Set<number>();
  for (let at = 1; at < sorted.length; at += 1) {
    const value = sorted[at] ?? NaN;
    if (value === sorted[at - 1]) suspects.add(value);
  }
  if (suspects.size === 0) return undefined;
  const seen = new Map<string, number>();
  for (let row = 0; row < rows.count; row += 1) {
    if (!suspects.has(rows.idHigh[row] ?? NaN)) continue;
    const id = `${rows.idHigh[row]} ${rows.idLow[row]}`;
    const other = seen.get(id);
    if (other !== undefined) return [other, row];
    seen.set(id, row);
  }
  return undefined;
}
