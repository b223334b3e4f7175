import { isRow } from '../../brokers/bybit/wire/decoded.ts';
import type { Input } from '../session/protocol.ts';
import type { NumberedRecord } from './record.ts';

const LONGEST = 160;

/** What kind of happening a record is: an input's, or the record's own. */
export function kindOf(record: NumberedRecord): string {
  const input = inputOf(record);
  return input === undefined ? record.k : input.t;
}

export function inputOf(record: NumberedRecord): Input | undefined {
  return record.k === 'in' && isRow(record['i']) ? (record['i'] as Input) : undefined;
}

/** The record in one line, without its number and time. */
export function recordText(record: NumberedRecord): string {
  const input = inputOf(record);
  if (input !== undefined) return `${input.t} ${inputText(input)}`.trimEnd();
  if (record.k === 'intent') return `INTENT ${String(record['path'])} ${short(record['params'])}`;
  if (record.k === 'snapshot') return `snapshot, state ${String(record['digest'])}`;
  return `${record.k} ${short(record)}`;
}

/** Whether a record names the order, by link id. */
export function names(record: NumberedRecord, linkId: string): boolean {
  return record.k !== 'snapshot' && JSON.stringify(record).includes(`"${linkId}"`);
}

function inputText(input: Input): string {
  switch (input.t) {
    case 'boot':
      return `run ${input.run}${input.version === undefined ? '' : `, version ${input.version}`}`;
    case 'open':
    case 'close':
      return input.socket;
    case 'frame':
      return `${input.socket} ${bodyText(input.body)}`;
    case 'reply':
      return `to call ${input.call}: HTTP ${input.status} ${bodyText(input.body)}`;
    case 'failed':
      return `call ${input.call}: ${input.why}`;
    case 'timer':
      return '';
    case 'synced':
      return `up to record ${input.seq}`;
    case 'diskFailed':
      return input.why;
    case 'candle':
      return `close ${input.closeTicks} ticks, indicators ${input.indicators.join(' ')}`;
    case 'control':
      return input.word;
  }
}

/** What matters of an answer or a frame comes first; the rest is cut. */
function bodyText(body: unknown): string {
  if (!isRow(body)) return short(body);
  const { topic, op, data, retCode, retMsg, result } = body;
  if (op !== undefined) return short(body);
  if (topic !== undefined) return `${String(topic)} ${rowsText(data)}`;
  const list = isRow(result) && Array.isArray(result['list']) ? result['list'] : undefined;
  const said = retMsg === undefined ? '' : ` ${short(retMsg)}`;
  return `code ${String(retCode)}${said} ${list === undefined ? short(result) : rowsText(list)}`;
}

function rowsText(rows: unknown): string {
  if (!Array.isArray(rows)) return short(rows);
  return `${rows.length} rows ${short(rows.map(rowText))}`;
}

const SHOWN = [
  'orderLinkId',
  'orderStatus',
  'execType',
  'execPrice',
  'execQty',
  'side',
  'price',
  'qty',
  'cumExecQty',
  'size',
  'avgPrice',
  'p',
] as const;

function rowText(row: unknown): unknown {
  if (!isRow(row)) return row;
  const shown = SHOWN.filter((name) => row[name] !== undefined && row[name] !== '');
  return shown.map((name) => `${name} ${String(row[name])}`).join(' ');
}

function short(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}...`;
}
