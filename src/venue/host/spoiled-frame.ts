import type { Chance } from '../chance.ts';

type Row = Record<string, unknown>;

/** Fields a reader of orders and executions cannot do without. */
const NEEDED = ['symbol', 'side', 'orderStatus', 'execType', 'execQty', 'qty', 'orderId'];
const WORDS = ['orderStatus', 'execType', 'side', 'orderType'];

/** A copy of a private frame whose first row lacks a field, or has a word nobody knows. */
export function spoiled(
  body: unknown,
  how: 'fieldMissing' | 'enumUnknown',
  chance: Chance,
): unknown {
  if (!isRow(body) || !Array.isArray(body['data'])) return body;
  const rows: unknown[] = body['data'];
  const first = rows[0];
  if (!isRow(first)) return body;
  const wanted = how === 'fieldMissing' ? NEEDED : WORDS;
  const present = wanted.filter((name) => name in first);
  if (present.length === 0) return body;
  const name = chance.pick(present);
  const row: Row = { ...first };
  if (how === 'fieldMissing') delete row[name];
  else row[name] = 'Unheard';
  return { ...body, data: [row, ...rows.slice(1)] };
}

function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
