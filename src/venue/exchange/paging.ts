import { refusal } from './ret-codes.ts';
import type { Refusal } from './ret-codes.ts';
import { RET_PARAMETER } from '../../engine/codes.ts';

export type Page = { readonly rows: readonly object[]; readonly cursor: string };

/** Clients must hand a cursor back as it came; its percent signs show whether they do. */
export function cursorOf(index: number, timeMs: number): string {
  return `${index}%3A${timeMs}%2C${index}%3A${timeMs}`;
}

/** The index a page goes on below; Infinity for the first page. */
export function readCursor(cursor: unknown): number | Refusal {
  if (cursor === undefined || cursor === '') return Infinity;
  const match = typeof cursor === 'string' ? /^(\d+)(?:%3A|:)\d+(?:%2C|,)/.exec(cursor) : null;
  return match === null ? refusal(RET_PARAMETER, 'cursor is not one of ours') : Number(match[1]);
}

/** Documented maxima are met by cutting, not by refusing; nonsense is refused. */
export function readLimit(limit: unknown, usual: number, most: number): number | Refusal {
  if (limit === undefined || limit === '') return usual;
  const asked = Number(limit);
  if (!Number.isInteger(asked) || asked < 1) return refusal(RET_PARAMETER, 'limit is not allowed');
  return Math.min(asked, most);
}

/**
 * Newest first. `rowAt` gives undefined for what is not wanted; `isTooOld` ends the search.
 * The cursor names the last row, so that rows added meanwhile shift nothing.
 */
export function pageBelow(
  below: number,
  count: number,
  limit: number,
  rowAt: (index: number) => object | undefined,
  timeOf: (index: number) => number,
  oldestMs = -Infinity,
): Page {
  const rows: object[] = [];
  let last = 0;
  for (let index = Math.min(below, count) - 1; index >= 0 && rows.length < limit; index -= 1) {
    if (timeOf(index) < oldestMs) break;
    const row = rowAt(index);
    if (row === undefined) continue;
    rows.push(row);
    last = index;
  }
  return { rows, cursor: rows.length < limit ? '' : cursorOf(last, timeOf(last)) };
}
