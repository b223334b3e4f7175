import type { Argv } from 'yargs';
import { renderBacktestReport } from '../report/backtest-report.ts';
import { backtestOf } from '../sweep/backtest.ts';
import type { BacktestOutcome } from '../sweep/backtest.ts';
import { backtestFiles, resultText } from '../sweep/outputs/backtest-files.ts';
import { manifestOf, manifestText, specId } from '../sweep/outputs/manifest.ts';
import {
  MANIFEST_NAME, fileHashes, refuseForeignFolder, writeRunFolder,
} from '../sweep/outputs/run-folder.ts';
import { prepareRun } from '../sweep/prepare.ts';
import type { PreparedRun } from '../sweep/prepare.ts';
import { setupRun } from '../sweep/setup-run.ts';
import { commandOf } from './run-command.ts';
import { runRequestOf, withRunOptions } from './run-options.ts';
import type { RunArguments, RunRequest } from './run-options.ts';
import { reportInput } from './run-report.ts';
import { summaryText } from './run-summary.ts';

export function addBacktestCommand(program: Argv): Argv {
  return program.command(
    'backtest',
    'Run one strategy over one market and write the result',
    (command) => withRunOptions(command) as unknown as Argv<RunArguments>,
    (args) => backtest(args),
  );
}

async function backtest(args: RunArguments): Promise<void> {
  const request = runRequestOf(args);
  if (request.grid.size > 0) {
    process.stderr.write('note: grid: of the configuration is for sweeps; a backtest runs one point\n');
  }
  if (request.out !== undefined) refuseForeignFolder(request.out);
  const prepared = await prepareRun(request.spec);
  const out = request.out ?? defaultFolder(prepared);
  refuseForeignFolder(out);
  const outcome = backtestOf(prepared);
  writeRunFolder(out, runFiles(request, outcome));
  if (request.json) {
    process.stderr.write(`report: ${out}/report.html\n`);
    process.stdout.write(resultText(outcome));
    return;
  }
  process.stdout.write(summaryText(outcome.result, out));
}

function runFiles(request: RunRequest, outcome: BacktestOutcome): ReadonlyMap<string, string> {
  const { prepared } = outcome;
  const files = backtestFiles(outcome, outcome.history);
  files.set('report.html', renderBacktestReport(reportInput(outcome, outcome.history)));
  const origin = { ...request, command: commandOf('backtest', request, prepared) };
  const manifest = manifestOf(prepared, origin, fileHashes(files), new Date());
  return files.set(MANIFEST_NAME, manifestText(manifest));
}

/** `reports/atr-grid-BTCUSD-1m-1f2e3d4c`: the same question, the same folder. */
function defaultFolder(prepared: PreparedRun): string {
  const { spec } = prepared;
  const id = specId(prepared, setupRun(prepared).params);
  return `reports/${spec.strategy}-${spec.symbol}-${spec.interval}-${id}`;
}
