import type { Argv } from 'yargs';
import { InputError } from '../engine/invariant.ts';
import { writeAtomic } from '../feeds/atomic-write.ts';
import { isoTime } from '../feeds/csv-time.ts';
import { kindOf } from '../live/journal/record-text.ts';
import { instantOption } from './data-options.ts';
import { EXPORTS, csvLine, exportRows } from './journal-export.ts';
import type { ExportKind } from './journal-export.ts';
import { segmentsOf } from './journal-reader.ts';
import { showJournal } from './journal-show.ts';

const JOURNAL = {
  type: 'string',
  demandOption: true,
  describe: 'a state folder, its journal folder, or a file',
} as const;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

export function addJournalCommand(program: Argv): Argv {
  return program.command('journal', 'Read what a live process saw and did', (command) =>
    command
      .command('show <journal>', 'As a timeline', showOptions, (args) => {
        const { from, to, kind, order, records, last } = args;
        showJournal(
          args.journal,
          {
            fromMs: from === undefined ? -Infinity : instantOption('from', from),
            toMs: to === undefined ? Infinity : instantOption('to', to),
            kinds: kind?.split(','),
            order,
            records,
            last,
          },
          say,
        );
      })
      .command(
        'verify <journal>',
        'Check every checksum, number, format and file',
        (verify) => verify.positional('journal', JOURNAL),
        (args) => {
          process.exitCode = verifyJournal(args.journal);
        },
      )
      .command('export <journal>', 'As a table', exportOptions, (args) => {
        exportJournal(args.journal, args.what, args.format, args.out);
      })
      .demandCommand(1, 'journal show, verify or export'),
  );
}

function showOptions(command: Argv) {
  return command
    .positional('journal', JOURNAL)
    .option('from', { type: 'string', requiresArg: true, describe: 'a UTC time' })
    .option('to', { type: 'string', requiresArg: true, describe: 'a UTC time' })
    .option('kind', {
      type: 'string',
      requiresArg: true,
      describe: 'only these: intent,reply,frame,candle,control,boot,timer,synced,...',
    })
    .option('order', {
      type: 'string',
      requiresArg: true,
      describe: 'only what names this link id',
    })
    .option('records', { type: 'string', requiresArg: true, describe: 'N or FIRST..LAST' })
    .option('last', { type: 'number', requiresArg: true, describe: 'only so many, the latest' });
}

function exportOptions(command: Argv) {
  return command
    .positional('journal', JOURNAL)
    .option('what', { choices: EXPORTS, demandOption: true, describe: 'rows of' })
    .option('format', { choices: ['csv', 'jsonl'] as const, default: 'csv' as const })
    .option('out', { type: 'string', requiresArg: true, describe: 'a file; else to the terminal' });
}

/** 1 where it is damaged. */
function verifyJournal(path: string): number {
  const kinds = new Map<string, number>();
  let [files, last, firstMs, lastMs] = [0, 0, NaN, NaN];
  try {
    for (const segment of segmentsOf(path)) {
      files += 1;
      for (const record of segment.records) {
        const kind = kindOf(record);
        kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
        const atMs = (record['i'] as { atMs?: number } | undefined)?.atMs ?? NaN;
        if (Number.isNaN(firstMs)) firstMs = atMs;
        if (!Number.isNaN(atMs)) lastMs = atMs;
      }
      last = segment.baseSeq + segment.records.length;
      const tail = segment.tail === 'torn' ? `, torn after byte ${segment.wholeBytes}` : '';
      const { header } = segment;
      if (files === 1 && header !== undefined)
        say(
          `deployment ${header.deployment}, configuration ${header.configHash}, begun by version ${header.version}`,
        );
      say(`${segment.path}: records ${segment.baseSeq} to ${last}${tail}`);
    }
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    say(`damaged: ${error.message}`);
    return 1;
  }
  const counts = [...kinds].map(([kind, count]) => `${kind} ${count}`).join(', ');
  if (!Number.isNaN(firstMs)) say(`${isoTime(firstMs)} to ${isoTime(lastMs)}: ${counts}`);
  say(`${last} records in ${files} files: every checksum and number is right`);
  return 0;
}

function exportJournal(
  path: string,
  what: ExportKind,
  format: 'csv' | 'jsonl',
  out: string | undefined,
): void {
  const lines: string[] = [];
  for (const row of exportRows(path, what)) {
    if (format === 'jsonl') lines.push(JSON.stringify(row));
    else {
      if (lines.length === 0) lines.push(csvLine(Object.keys(row)));
      lines.push(csvLine(Object.values(row)));
    }
  }
  const text = lines.length === 0 ? '' : `${lines.join('\n')}\n`;
  if (out === undefined) process.stdout.write(text);
  else writeAtomic(out, [new TextEncoder().encode(text)]);
}
