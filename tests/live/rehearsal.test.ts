import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ROOT } from '../cli/support/lockstep.ts';

const folder = mkdtempSync(join(tmpdir(), 'lockstep-rehearsal-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Manifest = {
  readonly environment: string;
  readonly sha256: string;
  readonly waivers: readonly { readonly gate: string }[];
  readonly evidence: {
    readonly earlier: { readonly sha256: string; readonly tradingHours: number } | null;
  };
};

function manifest(name: string): Manifest {
  return JSON.parse(readFileSync(join(folder, name), 'utf8')) as Manifest;
}

describe('the rehearsal: from a sweep to a restart under faults, by the documented commands', () => {
  it('passes every gate or is refused by it, keeps a halt over a kill, and replays', () => {
    const script = join(ROOT, 'examples', 'live', 'rehearsal.mjs');
    const ended = spawnSync(process.execPath, [script, folder], { encoding: 'utf8' });
    expect([ended.status, ended.stderr]).toEqual([0, '']);
    expect(ended.stdout).toMatch(
      new RegExp(
        [
          'not promoted to dry-run: real-prices',
          'promoted to dry-run: dry-run.json',
          '--env dry-run',
          'stopped: no entry stands',
          'not promoted to testnet: dry-run-hours',
          'laxer than shipped: minDryRunHours',
          'promoted to testnet: testnet.json',
          'asked to halt',
          'told to halt',
          'entries are stopped: [^\\n]*halted',
          'asked to resume',
          'told to resume',
          'stopped: no entry stands',
          'position: (\\d\\.\\d+) believed, \\1 at the exchange',
          'every command is the one that was',
          'not promoted to mainnet: [^\\n]*testnet-hours, word',
        ].join('[^]*'),
      ),
    );
    const [dryRun, testnet] = [manifest('dry-run.json'), manifest('testnet.json')];
    expect([dryRun.environment, testnet.environment]).toEqual(['dry-run', 'testnet']);
    expect(dryRun.evidence.earlier).toBeNull();
    expect(testnet.evidence.earlier?.sha256).toBe(dryRun.sha256);
    expect(testnet.evidence.earlier?.tradingHours).toBeGreaterThan(0.25);
    expect(testnet.waivers.map(({ gate }) => gate)).toEqual(['real-prices']);
  }, 400_000);
});
