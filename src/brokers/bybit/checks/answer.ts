import { isRow, shown } from '../wire/decoded.ts';
import type { Row } from '../wire/decoded.ts';

/** What a check reads: the result of an answer, or why there is none. */
export type Found =
  | { readonly ok: true; readonly result: Row }
  | { readonly ok: false; readonly retCode: number; readonly text: string };

/** Of a parsed body; its `retMsg` is not shown, since it may quote the request. */
export function resultOf(body: unknown): Found {
  if (!isRow(body)) return { ok: false, retCode: NaN, text: `no answer but ${shown(body)}` };
  const { retCode, result } = body;
  if (typeof retCode !== 'number')
    return { ok: false, retCode: NaN, text: `retCode is ${shown(retCode)}` };
  if (retCode !== 0) return { ok: false, retCode, text: `code ${retCode}` };
  if (!isRow(result)) return { ok: false, retCode, text: `the result is ${shown(result)}` };
  return { ok: true, result };
}

/** The row of a symbol in `result.list`. */
export function rowsOf(result: Row, symbol: string): Row[] {
  const { list } = result;
  if (!Array.isArray(list)) return [];
  return list.filter(isRow).filter((row) => row['symbol'] === symbol);
}

export function field(row: Row, ...path: readonly string[]): unknown {
  let value: unknown = row;
  for (const name of path) value = isRow(value) ? value[name] : undefined;
  return value;
}

/** A decimal in a string; NaN where it is none. */
export function decimal(value: unknown): number {
  return typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : NaN;
}
