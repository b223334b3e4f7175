import { InputError, InvariantError } from '../../engine/invariant.ts';
import type { NumberedRecord } from '../journal/record.ts';
import type { FoundJournal, JournalFiles } from '../journal-files/journal-files.ts';
import type { SessionOptions } from '../session/options.ts';
import { Session } from '../session/session.ts';

export type Folded = {
  readonly session: Session;
  /** What a person should know before anything is traded. */
  readonly lines: readonly string[];
};

/** The session as the journal left it. */
export function foldJournal(
  files: JournalFiles,
  found: FoundJournal,
  options: SessionOptions,
): Folded {
  const { header, snapshot } = found;
  if (header === undefined) return { session: new Session(options), lines: ['a new journal'] };
  if (header.configHash !== options.configHash) {
    throw new InputError(
      `the journal of ${header.deployment} was written under configuration ${header.configHash}, ` +
        `this is ${options.configHash}; a changed deployment is a new one`,
    );
  }
  const lines: string[] = [];
  if (found.cutBytes > 0) lines.push(`a torn tail of ${found.cutBytes} bytes was cut`);
  let session = new Session(options);
  const problem = snapshot === undefined ? undefined : session.restore(snapshot);
  if (problem !== undefined) {
    lines.push(`the snapshot of record ${snapshot?.n ?? 0} is not used: ${problem}`);
    session = new Session(options);
  }
  const fromSnapshot = snapshot !== undefined && problem === undefined;
  const count = fold(session, fromSnapshot ? found.records : files.all(options.deployment));
  const from = fromSnapshot ? `snapshot of record ${snapshot.n} and ` : '';
  lines.push(`${from}${count} records of ${session.runs} earlier runs, up to ${session.lastSeq}`);
  if (session.divergence !== undefined)
    lines.push(`this version decides otherwise than the journal: ${session.divergence}`);
  return { session, lines };
}

function fold(session: Session, records: Iterable<NumberedRecord>): number {
  let count = 0;
  session.beginFold(true);
  for (const record of records) {
    try {
      session.foldRecord(record);
    } catch (error) {
      if (!(error instanceof InvariantError)) throw error;
      throw new InputError(
        `journal record ${record.n} breaks a promise: ${error.message}; look at the venue's ` +
          'orders and position by hand, and begin a new deployment',
      );
    }
    count += 1;
  }
  session.endFold();
  return count;
}
