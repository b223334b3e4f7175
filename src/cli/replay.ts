import type { Argv } from 'yargs';
import { gateWords } from '../engine/entry-gate.ts';
import { recordText } from '../live/journal/record-text.ts';
import { Replay } from '../live/session/replay.ts';
import type { Session } from '../live/session/session.ts';
import { orderLines, positionText, stateWord } from '../live/shell/status.ts';
import { buildCommit } from './build-commit.ts';
import { optionsOf, timedRecords } from './journal-reader.ts';
import type { TimedRecord } from './journal-reader.ts';
import { timelineLine } from './journal-show.ts';

const AROUND = 8;

export function addReplayCommand(program: Argv): Argv {
  return program.command(
    'replay <journal>',
    'Run the engine over a journal and compare every command with the one that was written',
    (command) =>
      command.positional('journal', {
        type: 'string',
        demandOption: true,
        describe: 'a state folder, its journal folder, or a file',
      }),
    (args) => {
      process.exitCode = replay(args.journal);
    },
  );
}

/** 1 where something was decided otherwise. */
function replay(path: string): number {
  const say = (text: string): void => void process.stdout.write(`${text}\n`);
  const options = optionsOf(path);
  const play = new Replay(options);
  const before: TimedRecord[] = [];
  const after: TimedRecord[] = [];
  for (const timed of timedRecords(path)) {
    if (play.difference !== undefined) {
      after.push(timed);
      if (after.length >= AROUND / 2) break;
      continue;
    }
    before.push(timed);
    if (before.length > AROUND) before.shift();
    play.take(timed.record);
  }
  const { session, difference, records, fromSnapshot } = play;
  const begun = fromSnapshot > 0 ? `, from the snapshot of record ${fromSnapshot}` : '';
  const counts = `${records} records, ${session.runs} runs, ${session.agreedIntents} commands`;
  if (difference === undefined) {
    say(`${counts}${begun}: every command is the one that was written`);
    say(`state ${session.digest()}: ${positionText(session)}`);
    return 0;
  }
  say(`record ${difference.n}: ${difference.what}`);
  say(`written by version ${options.version}, replayed by ${buildCommit()}`);
  say(`${counts}${begun} up to there\n`);
  for (const each of before) say(`${each.record.n === difference.n ? '>' : ' '} ${lineOf(each)}`);
  for (const each of after) say(`  ${lineOf(each)}`);
  say(`\nbelief at record ${difference.n}:`);
  for (const line of beliefLines(session)) say(`  ${line}`);
  return 1;
}

function lineOf({ record, atMs }: TimedRecord): string {
  return timelineLine(record.n, atMs, recordText(record));
}

function beliefLines(session: Session): string[] {
  const held = gateWords(session.engine.caution?.gate.bits ?? 0);
  const stopped = held.length === 0 ? [] : [`entries are stopped: ${held.join(', ')}`];
  return [`${stateWord(session)}, ${positionText(session)}`, ...stopped, ...orderLines(session)];
}
