import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { deploymentText } from '../../src/live/deployment/seal.ts';
import { ROOT, lockstep, scratch } from '../cli/support/lockstep.ts';
import { busyDeployment, parityMarket } from './support/parity-deployment.ts';

const folder = scratch();

describe('lockstep live --control', () => {
  it("moves an emulator's time until its tape is over, and stops", async () => {
    const { synth } = parityMarket(1);
    expect(lockstep(synth, folder).code).toBe(0);
    const deployment = busyDeployment(Date.UTC(2024, 0, 1));
    writeFileSync(join(folder, 'deployment.json'), deploymentText(deployment));
    const main = join(ROOT, 'dist/bundle/main.js');
    const market = ['--symbol', 'BTCUSD', '--category', 'inverse', '--synthetic', '--capital', '1'];
    const period = ['--from', '2024-01-01T02:00', '--to', '2024-01-01T03:00', '--tick', '10000'];
    const emulator = ['emulator', ...market, ...period, '--time', 'virtual', '--key-file', 'keys'];
    const child = spawn(process.execPath, [main, ...emulator], { cwd: folder });
    onTestFinished(() => void child.kill('SIGKILL'));
    const keys = join(folder, 'keys');
    while (!existsSync(keys) && child.exitCode === null)
      await new Promise((resolve) => setTimeout(resolve, 50));
    const { restUrl, wsUrl, controlUrl } = JSON.parse(readFileSync(keys, 'utf8')) as never as {
      restUrl: string;
      wsUrl: string;
      controlUrl: string;
    };
    const places = ['--base-url', restUrl, '--ws-url', wsUrl, '--key-file', 'keys'];
    const live = ['live', '--deployment', 'deployment.json', '--env', 'emulator', ...places];
    const ran = lockstep([...live, '--control', controlUrl, '--state-dir', 'state'], folder);
    expect([ran.code, ran.err]).toEqual([0, '']);
    expect(ran.out).toMatch(/recovered in[^]*fill: [^]*the period is over[^]*stopped: no entry/);
    expect(lockstep(['replay', 'state'], folder).out).toMatch(/every command is the one that was/);
    const second = lockstep([...live, '--control', 'http://127.0.0.1:1'], folder);
    expect([second.code, second.err]).toEqual([2, expect.stringContaining('no emulator answers')]);
  }, 120_000);
});
