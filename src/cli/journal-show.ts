import { InputError } from '../engine/invariant.ts';
import { isoTime } from '../feeds/csv-time.ts';
import { kindOf, names, recordText } from '../live/journal/record-text.ts';
import { timedRecords } from './journal-reader.ts';
import type { TimedRecord } from './journal-reader.ts';

export type ShowFilter = {
  readonly fromMs: number;
  readonly toMs: number;
  readonly kinds: readonly string[] | undefined;
  readonly order: string | undefined;
  readonly records: string | undefined;
  readonly last: number | undefined;
};

/** Timers and syncs happen all the time and say nothing; they are shown when asked for. */
const QUIET: readonly string[] = ['timer', 'synced'];

export function timelineLine(n: number, atMs: number, text: string): string {
  const time = Number.isNaN(atMs) ? ' '.repeat(24) : isoTime(atMs).padEnd(24);
  return `${String(n).padStart(8)} ${time} ${text}`;
}

export function showJournal(path: string, filter: ShowFilter, say: (line: string) => void): void {
  const isShown = predicate(filter);
  const kept: string[] = [];
  for (const timed of timedRecords(path)) {
    if (!isShown(timed)) continue;
    const line = timelineLine(timed.record.n, timed.atMs, recordText(timed.record));
    if (filter.last === undefined) say(line);
    else {
      kept.push(line);
      if (kept.length > filter.last) kept.shift();
    }
  }
  for (const line of kept) say(line);
}

function predicate(filter: ShowFilter): (timed: TimedRecord) => boolean {
  const { fromMs, toMs, kinds, order } = filter;
  const [first, last] = rangeOf(filter.records);
  const wanted = kinds === undefined ? undefined : new Set(kinds);
  return ({ record, atMs }) => {
    if (record.n < first || record.n > last) return false;
    if (!Number.isNaN(atMs) && (atMs < fromMs || atMs >= toMs)) return false;
    const kind = kindOf(record);
    if (wanted === undefined ? QUIET.includes(kind) : !wanted.has(kind)) return false;
    return order === undefined || names(record, order);
  };
}

function rangeOf(text: string | undefined): readonly [number, number] {
  if (text === undefined) return [0, Infinity];
  const match = /^(\d+)(?:\.\.(\d+))?$/.exec(text);
  if (match === null) throw new InputError(`--records ${text} is not N or FIRST..LAST`);
  const first = Number(match[1]);
  return [first, match[2] === undefined ? first : Number(match[2])];
}
