import { InvariantError } from '../../engine/invariant.ts';
import type { NumberedRecord } from '../journal/record.ts';
import type { Effect, Input } from './protocol.ts';
import type { SessionOptions } from './options.ts';
import { Session } from './session.ts';

/** Where a replay first decides otherwise, or breaks. */
export type Difference = { readonly n: number; readonly what: string };

export type ReplayEye = (input: Input, effects: readonly Effect[]) => void;

/**
 * Runs the engine over a journal and holds every command against the one that was written, and
 * every snapshot against the state. Record by record, so that a journal need not fit in memory.
 */
export class Replay {
  readonly session: Session;
  difference: Difference | undefined;
  records = 0;
  /** Where it began, if not at the first record. */
  fromSnapshot = 0;
  readonly #eye: ReplayEye | undefined;
  #begun = false;

  constructor(options: SessionOptions, eye?: ReplayEye) {
    this.session = new Session(options);
    this.#eye = eye;
  }

  /** The first record may be a snapshot: then nothing before it is left. */
  take(record: NumberedRecord): void {
    if (this.difference !== undefined) return;
    this.records += 1;
    try {
      this.#fold(record);
    } catch (error) {
      if (!(error instanceof InvariantError)) throw error;
      this.difference = { n: record.n, what: `a broken promise: ${error.message}` };
      return;
    }
    const { divergence } = this.session;
    if (divergence !== undefined) this.difference = { n: record.n, what: divergence };
  }

  #fold(record: NumberedRecord): void {
    const { session } = this;
    if (!this.#begun) {
      this.#begun = true;
      if (record.n > 1 && record.k === 'snapshot') {
        this.fromSnapshot = record.n;
        const problem = session.restore(record);
        if (problem !== undefined) this.difference = { n: record.n, what: problem };
        session.beginFold(true);
        return;
      }
      session.beginFold(true);
    }
    session.foldRecord(record);
    if (record.k === 'in') this.#eye?.(record['i'] as Input, session.effects);
  }
}
