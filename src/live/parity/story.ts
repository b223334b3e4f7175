import { isRow } from '../../brokers/bybit/wire/decoded.ts';
import type { Row } from '../../brokers/bybit/wire/decoded.ts';
import { inputOf, recordText } from '../journal/record-text.ts';
import type { NumberedRecord } from '../journal/record.ts';
import { Replay } from '../session/replay.ts';
import type { SessionOptions } from '../session/options.ts';

/** A record from the end of RECOVERING on, with the time of the input that it belongs to. */
export type TradingRecord = { readonly record: NumberedRecord; readonly atMs: number };

/** What was decided or what was filled; runs are held against each other by it. */
export type Deed = {
  readonly kind: 'command' | 'fill';
  /** What the same deed is called in the other run. */
  readonly name: string;
  /** Everything that has to be the same. */
  readonly text: string;
  readonly atMs: number;
  /** What it was done on. */
  readonly cause: string;
};

/** The records after the process has first found out where it stands, played again on the way. */
export function* tradingRecords(
  records: Iterable<NumberedRecord>,
  options: SessionOptions,
): Generator<TradingRecord> {
  const play = new Replay(options);
  let atMs = NaN;
  let isTrading = false;
  for (const record of records) {
    const input = inputOf(record);
    if (input !== undefined) ({ atMs } = input);
    if (isTrading) yield { record, atMs };
    else {
      play.take(record);
      isTrading = play.session.engine.caution?.recovering === false;
    }
  }
}

/** Commands and fills among them, in their order; a fill when it is first heard of. */
export class StoryTeller {
  readonly #known = new Set<string>();
  readonly #times = new Map<string, number>();
  #cause = '';

  deedsOf({ record, atMs }: TradingRecord): Deed[] {
    if (record.k === 'intent') return [this.#command(record, atMs)];
    const input = inputOf(record);
    if (input === undefined) return [];
    this.#cause = recordText(record);
    if (input.t !== 'frame' && input.t !== 'reply') return [];
    return rowsOf(input.body)
      .filter(({ execId, execType }) => typeof execId === 'string' && execType === 'Trade')
      .flatMap((row) => this.#fill(row, atMs));
  }

  #command(record: NumberedRecord, atMs: number): Deed {
    const { path, params } = record;
    const of = isRow(params) ? String(params['orderLinkId'] ?? params['orderId']) : '';
    const name = this.#nameOf(`${String(path)} ${of}`);
    const text = `${String(path)} ${JSON.stringify(params)}`;
    return { kind: 'command', name, text, atMs, cause: this.#cause };
  }

  #fill(row: Row, atMs: number): Deed[] {
    const { execId, orderLinkId, side, execQty, execPrice, execTime } = row;
    if (this.#known.has(String(execId))) return [];
    this.#known.add(String(execId));
    const what = `${String(side)} ${String(execQty)} at ${String(execPrice)}`;
    const name = this.#nameOf(`fill of ${String(orderLinkId)}`);
    const text = `${name}: ${what}, ${String(execTime)}`;
    return [{ kind: 'fill', name, text, atMs, cause: this.#cause }];
  }

  /** The second of a name is another. */
  #nameOf(name: string): string {
    const times = (this.#times.get(name) ?? 0) + 1;
    this.#times.set(name, times);
    return times === 1 ? name : `${name} (${times})`;
  }
}

function rowsOf(body: unknown): Row[] {
  if (!isRow(body)) return [];
  const { data, result } = body;
  const rows: unknown = isRow(result) ? result['list'] : data;
  return Array.isArray(rows) ? rows.filter(isRow) : [];
}
