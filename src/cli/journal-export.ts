import { isRow } from '../brokers/bybit/wire/decoded.ts';
import { isoTime } from '../feeds/csv-time.ts';
import { LatencyBook } from '../live/journal/latency-book.ts';
import { inputOf } from '../live/journal/record-text.ts';
import { Replay } from '../live/session/replay.ts';
import { optionsOf, timedRecords } from './journal-reader.ts';

export const EXPORTS = ['orders', 'executions', 'decisions', 'latency'] as const;
export type ExportKind = (typeof EXPORTS)[number];

export type ExportRow = Readonly<Record<string, string | number | boolean | null>>;

/** Rows of one kind, oldest first. */
export function exportRows(path: string, kind: ExportKind): Iterable<ExportRow> {
  switch (kind) {
    case 'decisions':
      return decisions(path);
    case 'executions':
      return executions(path);
    case 'orders':
      return orders(path);
    case 'latency':
      return latency(path);
  }
}

function* decisions(path: string): Generator<ExportRow> {
  for (const { record, atMs } of timedRecords(path)) {
    if (record.k !== 'intent') continue;
    const params = isRow(record['params']) ? record['params'] : {};
    yield {
      record: record.n,
      time: isoTime(atMs),
      action: String(record['path']).replace('/v5/order/', ''),
      linkId: text(params['orderLinkId']),
      side: text(params['side']),
      type: text(params['orderType']),
      price: text(params['price'] ?? params['triggerPrice']),
      qty: text(params['qty']),
      reduceOnly: params['reduceOnly'] === true,
    };
  }
}

/** Each execution once, as the surface that showed it first had it. */
function* executions(path: string): Generator<ExportRow> {
  const seen = new Set<string>();
  for (const { record, atMs } of timedRecords(path)) {
    for (const row of rowsIn(inputOf(record))) {
      const execId = text(row['execId']);
      if (execId === '' || row['execType'] === undefined || seen.has(execId)) continue;
      seen.add(execId);
      yield {
        record: record.n,
        seenTime: isoTime(atMs),
        venueTime: isoTime(Number(row['execTime'])),
        execId,
        linkId: text(row['orderLinkId']),
        type: text(row['execType']),
        side: text(row['side']),
        price: text(row['execPrice']),
        qty: text(row['execQty']),
        fee: text(row['execFee']),
        isMaker: row['isMaker'] === true,
      };
    }
  }
}

function* orders(path: string): Generator<ExportRow> {
  const wished = new Map<string, ExportRow>();
  for (const row of decisions(path))
    if (row['action'] === 'create') wished.set(String(row['linkId']), row);
  const filled = new Map<string, number>();
  for (const row of executions(path)) {
    const linkId = String(row['linkId']);
    if (row['type'] !== 'Funding')
      filled.set(linkId, (filled.get(linkId) ?? 0) + Number(row['qty']));
  }
  const book = bookOf(path);
  const sent = new Map(book.orders.map((leg) => [`${leg.action} ${leg.linkId}`, leg]));
  for (const [linkId, row] of wished) {
    const leg = sent.get(`create ${linkId}`);
    yield {
      ...row,
      sent: leg !== undefined,
      retCode: number(leg?.retCode),
      answerMs: number(leg === undefined ? NaN : leg.answeredMs - leg.sentMs),
      cancelled: sent.has(`cancel ${linkId}`),
      filledQty: Number((filled.get(linkId) ?? 0).toPrecision(12)),
    };
  }
}

function* latency(path: string): Generator<ExportRow> {
  const book = bookOf(path);
  for (const { linkId, action, sentMs, venueMs, answeredMs, retCode, seenMs } of book.orders) {
    yield {
      what: action,
      id: linkId,
      sentMs,
      venueMs: number(venueMs),
      answeredMs: number(answeredMs),
      retCode: number(retCode),
      ...surfaces(seenMs),
    };
  }
  for (const { execId, venueMs, seenMs } of book.executions) {
    const none = { sentMs: null, answeredMs: null, retCode: null };
    yield { what: 'execution', id: execId, ...none, venueMs, ...surfaces(seenMs) };
  }
}

function surfaces(seenMs: LatencyBook['orders'][number]['seenMs']): ExportRow {
  return {
    streamOrderMs: number(seenMs['stream-order']),
    streamExecutionMs: number(seenMs['stream-execution']),
    restOpenMs: number(seenMs['rest-open']),
    restHistoryMs: number(seenMs['rest-history']),
    restExecutionMs: number(seenMs['rest-execution']),
  };
}

/** When a request left is not written down; it follows from playing the journal again. */
function bookOf(path: string): LatencyBook {
  const book = new LatencyBook();
  const play = new Replay(optionsOf(path), (input, effects) => book.take(input, effects));
  for (const { record } of timedRecords(path)) play.take(record);
  return book;
}

function rowsIn(input: ReturnType<typeof inputOf>): readonly Readonly<Record<string, unknown>>[] {
  if (input?.t !== 'frame' && input?.t !== 'reply') return [];
  const { body } = input;
  if (!isRow(body)) return [];
  const list = input.t === 'frame' ? body['data'] : isRow(body['result']) && body['result']['list'];
  return Array.isArray(list) ? list.filter(isRow) : [];
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function number(value: number | undefined): number | null {
  return value === undefined || Number.isNaN(value) ? null : value;
}

export function csvLine(values: readonly unknown[]): string {
  return values.map(csvValue).join(',');
}

function csvValue(value: unknown): string {
  const shown = value === null || value === undefined ? '' : String(value);
  return /[",\n]/.test(shown) ? `"${shown.replaceAll('"', '""')}"` : shown;
}
