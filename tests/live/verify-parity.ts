// `npm run verify`: parity over the wire for a week. `tsx tests/live/verify-parity.ts 2` for two days.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { deploymentText } from '../../src/live/deployment/seal.ts';
import { busyDeployment, parityMarket } from './support/parity-deployment.ts';

const MAIN = fileURLToPath(new URL('../../dist/bundle/main.js', import.meta.url));
const days = Number(process.argv[2] ?? '7');
const folder = mkdtempSync(join(tmpdir(), 'lockstep-parity-'));

function lockstep(...args: string[]): number {
  const stdio = ['ignore', 'inherit', 'inherit'] as const;
  return (
    spawnSync(process.execPath, [MAIN, ...args], { cwd: folder, stdio: [...stdio] }).status ?? 1
  );
}

try {
  const { synth, market } = parityMarket(days);
  writeFileSync(
    join(folder, 'deployment.json'),
    deploymentText(busyDeployment(Date.UTC(2024, 0, 1))),
  );
  process.exitCode =
    lockstep(...synth) || lockstep('parity', '--deployment', 'deployment.json', ...market);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
