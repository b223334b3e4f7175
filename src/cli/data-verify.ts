import type { Argv } from 'yargs';
import { isoTime } from '../feeds/csv-time.ts';
import { DataStore } from '../feeds/store.ts';
import { withDataDir } from './data-options.ts';
import { describeSeries } from './data-text.ts';

/** Gaps printed per series; the manifest has them all. */
const GAPS_SHOWN = 20;

export function addVerify(data: Argv): Argv {
  return data.command(
    'verify',
    'Check every row and hash of the store; exit code 1 when something is wrong',
    (command) => withDataDir(command),
    ({ dataDir }) => verify(dataDir),
  );
}

async function verify(dataDir: string): Promise<void> {
  const checks = await new DataStore(dataDir).verify();
  if (checks.length === 0) process.stdout.write(`no series in ${dataDir}\n`);
  for (const { info, problems } of checks) {
    if (problems.length > 0) process.exitCode = 1;
    for (const problem of problems) process.stdout.write(`BAD ${problem}\n`);
    if (info === undefined || problems.length > 0) continue;
    process.stdout.write(`ok  ${describeSeries(info)}\n`);
    for (const gap of info.gaps.slice(0, GAPS_SHOWN)) {
      const range = `${isoTime(gap.fromMs)} .. ${isoTime(gap.toMs)}`;
      process.stdout.write(`    gap ${range} (${gap.missingCandles} candles)\n`);
    }
    const hidden = info.gaps.length - GAPS_SHOWN;
    if (hidden > 0) process.stdout.write(`    and ${hidden} more gaps\n`);
  }
}
