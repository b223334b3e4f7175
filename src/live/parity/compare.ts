import { StoryTeller } from './story.ts';
import type { Deed, TradingRecord } from './story.ts';

/** Where two journals first differ, with what came before and what follows on both sides. */
export type RecordDifference = {
  readonly before: readonly TradingRecord[];
  readonly first: readonly TradingRecord[];
  readonly second: readonly TradingRecord[];
};

export type DeedDifference = {
  readonly first: Deed | undefined;
  readonly second: Deed | undefined;
};

export type Parity = {
  /** Records that are the same on both sides, from the start on. */
  readonly records: number;
  readonly difference: RecordDifference | undefined;
  readonly commands: number;
  readonly fills: number;
  /** Commands and fills that only one side has, or has otherwise. */
  readonly deeds: readonly DeedDifference[];
  /** Of the same deed on both sides, the most. */
  readonly mostApartMs: number;
};

const BEFORE = 6;
const AFTER = 4;

/** Two runs that ought to be one, record by record, and what they did, deed by deed. */
export function compareRuns(
  first: Iterable<TradingRecord>,
  second: Iterable<TradingRecord>,
): Parity {
  const ours = new Side(first);
  const theirs = new Side(second);
  const before: TradingRecord[] = [];
  let records = 0;
  let difference: RecordDifference | undefined;
  while (!ours.isOver || !theirs.isOver) {
    const [one, other] = [ours.next(), theirs.next()];
    if (one === undefined && other === undefined) break;
    if (difference === undefined && one !== undefined && isSame(one, other)) {
      records += 1;
      before.push(one);
      if (before.length > BEFORE) before.shift();
      continue;
    }
    difference ??= { before, first: [], second: [] };
    difference = {
      before,
      first: more(difference.first, one),
      second: more(difference.second, other),
    };
  }
  return { records, difference, ...compareDeeds(ours.deeds, theirs.deeds) };
}

/** `n` may differ: what came before RECOVERING ended need not be of the same length. */
function isSame({ record }: TradingRecord, other: TradingRecord | undefined): boolean {
  return other !== undefined && contentOf(record) === contentOf(other.record);
}

function contentOf(record: TradingRecord['record']): string {
  return JSON.stringify({ ...record, n: 0 });
}

function more(
  shown: readonly TradingRecord[],
  next: TradingRecord | undefined,
): readonly TradingRecord[] {
  return next === undefined || shown.length >= AFTER ? shown : [...shown, next];
}

function compareDeeds(
  first: readonly Deed[],
  second: readonly Deed[],
): Pick<Parity, 'commands' | 'fills' | 'deeds' | 'mostApartMs'> {
  const left = new Map(second.map((deed) => [deed.name, deed]));
  const deeds: DeedDifference[] = [];
  const same = { command: 0, fill: 0 };
  let mostApartMs = 0;
  for (const deed of first) {
    const other = left.get(deed.name);
    left.delete(deed.name);
    if (other?.text !== deed.text) {
      deeds.push({ first: deed, second: other });
      continue;
    }
    same[deed.kind] += 1;
    mostApartMs = Math.max(mostApartMs, Math.abs(other.atMs - deed.atMs));
  }
  for (const deed of left.values()) deeds.push({ first: undefined, second: deed });
  return { commands: same.command, fills: same.fill, deeds, mostApartMs };
}

class Side {
  isOver = false;
  readonly deeds: Deed[] = [];
  readonly #records: Iterator<TradingRecord>;
  readonly #teller = new StoryTeller();

  constructor(records: Iterable<TradingRecord>) {
    this.#records = records[Symbol.iterator]();
  }

  next(): TradingRecord | undefined {
    if (this.isOver) return undefined;
    const next = this.#records.next();
    if (next.done === true) {
      this.isOver = true;
      return undefined;
    }
    this.deeds.push(...this.#teller.deedsOf(next.value));
    return next.value;
  }
}
