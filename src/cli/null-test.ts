import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Argv } from 'yargs';
import { InputError } from '../engine/invariant.ts';
import { writeAtomic } from '../feeds/atomic-write.ts';
import { runNullTest } from '../sweep/null-test.ts';
import type { NullTestRow } from '../sweep/null-test.ts';

/** More than this many standard errors above the true path is a gain the path model invented. */
const MOST_T = 2;

export function addNullTestCommand(program: Argv): Argv {
  return program.command(
    'null-test',
    'Show what each path model earns on driftless walks, where nothing can be earned',
    (command) =>
      command
        .option('tapes', { type: 'number', default: 100, describe: 'walks' })
        .option('days', { type: 'number', default: 30, describe: 'days a walk' })
        .option('seed', { type: 'number', default: 1, describe: 'first seed' })
        .option('multiplier', { type: 'number', default: 0.3, describe: 'grid spacing, in ATRs' })
        .option('take-profit', { type: 'number', default: 0.3, describe: 'exit distance, in ATRs' })
        .option('out', { type: 'string', default: 'reports/null-test', describe: 'folder' }),
    (args) => {
      refuseBad(args);
      const rows = runNullTest({
        tapes: args.tapes,
        daysPerTape: args.days,
        seed: args.seed,
        intervals: ['1m', '5m', '1h'],
        multiplier: args.multiplier,
        takeProfit: args.takeProfit,
        onTape: (done) => {
          if (done % 10 === 0) process.stderr.write(`null test: ${done} of ${args.tapes} walks\n`);
        },
      });
      const text = tableOf(rows, args);
      mkdirSync(args.out, { recursive: true });
      writeAtomic(join(args.out, 'null-test.md'), [Buffer.from(text)]);
      writeAtomic(join(args.out, 'null-test.json'), [
        Buffer.from(`${JSON.stringify(rows, null, 2)}\n`),
      ]);
      process.stdout.write(text);
      process.exitCode = rows.some(isInvented) ? 1 : 0;
    },
  );
}

/** One walk has no standard error, and an ATR needs more than a day of hours. */
function refuseBad(args: TestArguments): void {
  const whole = (name: 'tapes' | 'days' | 'seed', least: number): void => {
    if (Number.isSafeInteger(args[name]) && args[name] >= least) return;
    throw new InputError(`--${name} ${args[name]} is not a whole number of at least ${least}`);
  };
  whole('tapes', 2);
  whole('days', 2);
  whole('seed', 0);
  for (const [flag, value] of [
    ['multiplier', args.multiplier],
    ['take-profit', args.takeProfit],
  ] as const) {
    if (!(value > 0 && value < 1_000))
      throw new InputError(`--${flag} ${value} is not between 0 and 1000`);
  }
}

function isInvented(row: NullTestRow): boolean {
  return (row.path === 'direction' || row.path === 'adverse') && row.t > MOST_T;
}

type TestArguments = {
  tapes: number;
  days: number;
  seed: number;
  multiplier: number;
  takeProfit: number;
};

function tableOf(rows: readonly NullTestRow[], args: TestArguments): string {
  const lines = rows.map((row) => {
    const verdict =
      row.path === 'direction' || row.path === 'adverse'
        ? isInvented(row)
          ? 'FAILS'
          : 'holds'
        : '-';
    const cells = [
      row.interval,
      row.path,
      row.meanGain.toFixed(2),
      row.standardError.toFixed(2),
      row.t.toFixed(1),
      row.fillsPerMonth.toFixed(0),
      row.trueFillsPerMonth.toFixed(0),
      verdict,
    ];
    return `| ${cells.join(' | ')} |`;
  });
  return [
    '# Null test',
    '',
    `${args.tapes} driftless one-second walks of ${args.days} days from seed ${args.seed}, no fees, atr-grid`,
    `multiplier ${args.multiplier}, takeProfit ${args.takeProfit}: profit on candles less profit on the walk itself, paired.`,
    '`direction` and `adverse` must not gain more than two standard errors.',
    '',
    '| candles | path | gain (ATR a month) | standard error | t | fills a month | fills on the walk | verdict |',
    '|---|---|---|---|---|---|---|---|',
    ...lines,
    '',
  ].join('\n');
}
