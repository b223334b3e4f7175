import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { resolveParameters } from '../../src/engine/parameters.ts';
import { deploymentText, sealDeployment } from '../../src/live/deployment/seal.ts';
import { atrGrid } from '../../src/strategies/atr-grid.ts';
import { lockstep, scratch } from '../cli/support/lockstep.ts';
import { profile } from '../venue/host/rig.ts';
import { goodBody } from './support/deployment-body.ts';
import { start, until } from './support/running.ts';

const folder = scratch();
const state = join(folder, 'state');
const keys = join(folder, 'keys.json');

function writeDeployment(path: string): void {
  const given = { multiplier: 0.3, takeProfit: 0.3, qty: 10, atrInterval: '1m', atrPeriod: 5 };
  const execution = { ...profile('home') };
  const body = goodBody({
    simulation: { ...goodBody().simulation, execution },
    parameters: { ...resolveParameters('atr-grid', atrGrid.parameters, given) },
    candles: { interval: '1m', indicatorsStartMs: Date.UTC(2024, 0, 1) },
  });
  writeFileSync(path, deploymentText(sealDeployment(body)));
}

describe('lockstep live --env dry-run', () => {
  it('trades without a key, is killed, and learns from the candles what was filled meanwhile', async () => {
    const series = ['--symbol', 'BTCUSD', '--category', 'inverse'];
    expect(lockstep(['data', 'synth', ...series, '--days', '2', '--seed', '3'], folder).code).toBe(
      0,
    );
    const period = ['--interval', '1m', '--from', '2024-01-01T02:00', '--to', '2024-01-03'];
    const emulator = start(
      [
        ...['emulator', ...series, ...period, '--synthetic', '--speed', '60'],
        ...['--key-file', keys],
      ],
      folder,
    );
    await until('the emulator', () => existsSync(keys), emulator);
    const { restUrl, wsUrl } = JSON.parse(readFileSync(keys, 'utf8')) as Record<string, string>;
    const file = join(folder, 'deployment.json');
    writeDeployment(file);
    const live = [
      ...['live', '--deployment', file, '--env', 'dry-run', '--base-url', restUrl ?? ''],
      ...['--ws-url', wsUrl ?? '', '--speed', '60', '--state-dir', state],
    ];
    const first = start(live, folder);
    await until('a fill', () => first.text.includes('fill: long'), first);
    expect(first.text).toMatch(/dry run: a new venue/);
    first.child.kill('SIGKILL');
    await first.ended;
    const log = join(state, 'venue.log');
    appendFileSync(log, '1234abcd {"t":"pri');
    await new Promise((resolve) => setTimeout(resolve, 4_000));
    const second = start(live, folder);
    await until('recovery', () => second.text.includes('recovered in'), second);
    expect(second.text).toMatch(/dry run: \d+ records up to [^\n]*, 18 torn bytes cut/);
    expect(second.text).toMatch(/dry run: the price since [^\n]* \d+ candles walked/);
    expect(second.text).not.toMatch(/alarms: [1-9]/);
    second.child.kill('SIGTERM');
    expect(await second.ended).toBe(0);
    const replayed = lockstep(['replay', state], folder);
    expect(replayed.out).toMatch(/, 2 runs, \d+ commands: every command is the one that was/);
    expect(readFileSync(log, 'utf8')).not.toContain('1234abcd');
    writeFileSync(log, readFileSync(log, 'utf8').replace('"t":"post"', '"t":"pest"'));
    const damaged = lockstep(live, folder);
    expect([damaged.code, damaged.err]).toEqual([2, expect.stringMatching(/line \d+ is damaged/)]);
  }, 90_000);
});
