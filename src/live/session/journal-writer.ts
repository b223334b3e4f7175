import { encodeHeader, encodeRecord } from '../journal/encode.ts';
import { JOURNAL_FORMAT } from '../journal/record.ts';
import type { JournalHeader, NumberedRecord } from '../journal/record.ts';
import type { WireRequest } from '../../brokers/bybit/wire/requests.ts';
import type { SessionOptions } from './options.ts';
import type { Effect, Input } from './protocol.ts';
import { SNAPSHOT_LAYOUT } from './saved-session.ts';
import type { SavedSession } from './saved-session.ts';

/** The whole state of a session: a fold may begin here instead of at the first record. */
export type SnapshotRecord = {
  readonly k: 'snapshot';
  readonly version: string;
  readonly layout: number;
  /** Of the state before this record. */
  readonly digest: string;
  readonly state: SavedSession;
};

type JournalEntry =
  | SnapshotRecord
  | { readonly k: 'in'; readonly i: Input }
  | { readonly k: 'intent'; readonly path: string; readonly params: WireRequest['params'] };

/**
 * Numbers the records and says when they must be durable. While a journal is folded it writes
 * nothing and holds what was decided then against what is decided now.
 */
export class JournalWriter {
  /** Number of the last record; -1 before the header. */
  seq = -1;
  /** Where a fold first decided otherwise than the journal says. */
  divergence: string | undefined;
  /** Intents that a fold has found as the journal says. */
  agreed = 0;
  #folding = false;
  #intents = 0;
  readonly #expected: string[] = [];
  readonly #options: SessionOptions;
  readonly #effects: Effect[];

  constructor(options: SessionOptions, effects: Effect[]) {
    this.#options = options;
    this.#effects = effects;
  }

  beginFold(hasHeader: boolean): void {
    this.#folding = true;
    if (hasHeader && this.seq < 0) this.seq = 0;
  }

  foldRecord(record: NumberedRecord): void {
    this.seq = record.n;
    if (record.k === 'intent') {
      this.#compare(record);
      return;
    }
    // A new process may write its state first: what follows says whether it is one.
    if (record.k === 'snapshot') return;
    // A crash may have cut the intents of its process's last input; of any other, all are there.
    if (this.#expected.length > 0 && !isBoot(record))
      this.#diverge(record.n, 'an intent is missing');
    this.#expected.length = 0;
  }

  endFold(): void {
    this.#folding = false;
    this.#expected.length = 0;
    this.#intents = 0;
  }

  input(input: Input): void {
    this.#append({ k: 'in', i: input });
  }

  /** The durable wish that precedes every order request; returns the record's number. */
  intent(request: WireRequest): number {
    const { path, params } = request;
    if (this.#folding) {
      this.#expected.push(textOf(path, params));
      return this.seq + this.#expected.length;
    }
    this.#append({ k: 'intent', path, params });
    this.#intents += 1;
    return this.seq;
  }

  /** A line of its own making: the state as it is, before the next input. */
  snapshot(digest: string, state: SavedSession): { seq: number; text: string } {
    const { version } = this.#options;
    this.seq += 1;
    const layout = SNAPSHOT_LAYOUT;
    const record: SnapshotRecord = { k: 'snapshot', version, layout, digest, state };
    const text = encodeRecord(this.seq, record);
    return { seq: this.seq, text };
  }

  /** What a folded snapshot says of the state that was folded. */
  compareSnapshot(record: NumberedRecord, digest: string): void {
    if (record['digest'] !== digest) {
      const written = String(record['digest']);
      this.#diverge(record.n, `the state was ${written}, now ${digest}`);
    }
  }

  /** The last input must not be forgotten: what a person has said is said once. */
  keepInput(): void {
    this.#intents += 1;
  }

  /** Asks for durability when something waits for it. */
  syncIntents(): void {
    if (this.#intents === 0) return;
    this.#intents = 0;
    if (!this.#folding) this.#effects.push({ t: 'sync', seq: this.seq });
  }

  #append(record: JournalEntry): void {
    if (this.seq < 0) {
      const header = headerOf(this.#options);
      this.#effects.push({ t: 'append', seq: 0, text: encodeHeader(header) });
      this.seq = 0;
    }
    this.seq += 1;
    this.#effects.push({ t: 'append', seq: this.seq, text: encodeRecord(this.seq, record) });
  }

  #compare(record: NumberedRecord): void {
    const expected = this.#expected.shift();
    const written = textOf(String(record['path']), record['params']);
    if (expected === written) this.agreed += 1;
    else this.#diverge(record.n, `journal ${written}, now ${expected ?? 'nothing'}`);
  }

  #diverge(seq: number, what: string): void {
    this.divergence ??= `record ${seq}: ${what}`;
  }
}

export function headerOf(options: SessionOptions): JournalHeader {
  const { deployment, configHash, version, config } = options;
  const whose = { k: 'header', format: JOURNAL_FORMAT, deployment, configHash, version } as const;
  return config === undefined ? whose : { ...whose, config };
}

function isBoot(record: NumberedRecord): boolean {
  const input: unknown = record['i'];
  return typeof input === 'object' && input !== null && 't' in input && input.t === 'boot';
}

function textOf(path: string, params: unknown): string {
  return `${path} ${JSON.stringify(params)}`;
}
