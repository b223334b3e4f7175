// `npm run live:flood`: 5,000 public messages a second for a minute; `-- 10` for ten seconds.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { floodedRun } from './support/flood.ts';

const PER_SECOND = 5_000;
/** Between the second third and the last; the venue in this process books a little, too. */
const MOST_GROWTH_MB = 10;
const seconds = Number(process.argv[2] ?? '60');
const dir = mkdtempSync(join(tmpdir(), 'lockstep-flood-'));

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

try {
  const report = await floodedRun(join(dir, 'state'), seconds, PER_SECOND);
  const { sent, received, privateFrames, fills, unknown, journaled, heapMb } = report;
  const third = Math.floor(heapMb.length / 3);
  const growthMb = mean(heapMb.slice(-third)) - mean(heapMb.slice(third, 2 * third));
  console.log(
    `${sent} public messages in ${seconds} s, ${received} received, ${journaled} journaled; ` +
      `${privateFrames.said} private frames, ${privateFrames.heard} heard; ${fills} fills, ` +
      `${unknown} unknown; heap ${heapMb.at(third)} MB to ${heapMb.at(-1)} MB`,
  );
  const good =
    received === sent &&
    sent >= 0.9 * PER_SECOND * seconds &&
    privateFrames.heard === privateFrames.said &&
    fills > 0 &&
    unknown === 0 &&
    growthMb < MOST_GROWTH_MB &&
    report.end.startsWith('0 ');
  if (!good) console.log(JSON.stringify({ ...report, growthMb }));
  process.exitCode = good ? 0 : 1;
} finally {
  rmSync(dir, { recursive: true, force: true });
}
