import { encodeHeader, encodeRecord } from '../journal/encode.ts';
import { JOURNAL_FORMAT } from '../journal/record.ts';
import type { NumberedRecord } from '../journal/record.ts';
import type { WireRequest } from '../../brokers/bybit/wire/requests.ts';
import type { SessionOptions } from './options.ts';
import type { Effect, Input } from './protocol.ts';

type JournalEntry =
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
    if (hasHeader) this.seq = 0;
  }

  foldRecord(record: NumberedRecord): void {
    if (record.k === 'intent') this.#compare(record);
    // A crash may have cut the intents of its process's last input; of any other, all are there.
    else if (this.#expected.length > 0 && !isBoot(record))
      this.#diverge(record.n, 'an intent is missing');
    if (record.k !== 'intent') this.#expected.length = 0;
    this.seq = record.n;
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
      const { deployment, configHash, version } = this.#options;
      const header = {
        k: 'header',
        format: JOURNAL_FORMAT,
        deployment,
        configHash,
        version,
      } as const;
      this.#effects.push({ t: 'append', seq: 0, text: encodeHeader(header) });
      this.seq = 0;
    }
    this.seq += 1;
    this.#effects.push({ t: 'append', seq: this.seq, text: encodeRecord(this.seq, record) });
  }

  #compare(record: NumberedRecord): void {
    const expected = this.#expected.shift();
    const written = textOf(String(record['path']), record['params']);
    if (expected !== written)
      this.#diverge(record.n, `journal ${written}, now ${expected ?? 'nothing'}`);
  }

  #diverge(seq: number, what: string): void {
    this.divergence ??= `record ${seq}: ${what}`;
  }
}

function isBoot(record: NumberedRecord): boolean {
  const input: unknown = record['i'];
  return typeof input === 'object' && input !== null && 't' in input && input.t === 'boot';
}

function textOf(path: string, params: unknown): string {
  return `${path} ${JSON.stringify(params)}`;
}
