import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { resolveParameters } from '../../src/engine/parameters.ts';
import { deploymentText, sealDeployment } from '../../src/live/deployment/seal.ts';
import { atrGrid } from '../../src/strategies/atr-grid.ts';
import { lockstep, scratch } from '../cli/support/lockstep.ts';
import { goodBody } from './support/deployment-body.ts';
import { start, until } from './support/running.ts';

const folder = scratch();
const state = join(folder, 'state');
const keys = join(folder, 'keys.json');
const servers: Server[] = [];
afterAll(() => servers.forEach((server) => server.close()));

/** Where alerts go. */
async function listener(): Promise<{ readonly url: string; readonly codes: string[] }> {
  const codes: string[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (part: Buffer) => (body += part.toString()));
    request.on('end', () => {
      codes.push((JSON.parse(body) as { code: string }).code);
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  servers.push(server);
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook-canary`, codes };
}

function writeDeployment(path: string): void {
  const given = { multiplier: 0.3, takeProfit: 0.3, qty: 10, atrInterval: '1m', atrPeriod: 5 };
  const body = goodBody({
    parameters: { ...resolveParameters('atr-grid', atrGrid.parameters, given) },
    candles: { interval: '1m', indicatorsStartMs: Date.UTC(2024, 0, 1) },
  });
  writeFileSync(path, deploymentText(sealDeployment(body)));
}

describe('lockstep live against the emulator', () => {
  it('trades, is killed, recovers, stops at a signal, and replays to the same commands', async () => {
    const series = ['--symbol', 'BTCUSD', '--category', 'inverse'];
    const made = lockstep(['data', 'synth', ...series, '--days', '2', '--seed', '3'], folder);
    expect(made.code).toBe(0);
    const market = [
      ...series,
      '--interval',
      '1m',
      '--from',
      '2024-01-01T02:00',
      '--to',
      '2024-01-03',
    ];
    const emulator = start(
      [
        ...['emulator', ...market, '--synthetic', '--speed', '60', '--capital', '1'],
        ...['--key-file', keys],
      ],
      folder,
    );
    await until('the emulator', () => existsSync(keys), emulator);
    const { restUrl, wsUrl, secret } = JSON.parse(readFileSync(keys, 'utf8')) as {
      restUrl: string;
      wsUrl: string;
      secret: string;
    };
    const file = join(folder, 'deployment.json');
    writeDeployment(file);
    const live = [
      ...['live', '--deployment', file, '--env', 'emulator', '--base-url', restUrl],
      ...['--ws-url', wsUrl, '--key-file', keys, '--speed', '60', '--state-dir', state],
    ];
    const first = start(live, folder);
    await until('a fill', () => first.text.includes('fill: long'), first);
    expect(first.text).toMatch(/journal: a new journal[^]*recovered in [^\n]*: flat/);
    first.child.kill('SIGKILL');
    await first.ended;
    const far = await listener();
    const alerts = join(folder, 'alerts.json');
    writeFileSync(alerts, JSON.stringify({ webhook: { url: far.url } }), { mode: 0o600 });
    const second = start([...live, '--page-port', '0', '--alerts', alerts], folder);
    await until('recovery', () => second.text.includes('recovered in'), second);
    expect(second.text).toMatch(/of 1 earlier runs[^]*run 2: asking/);
    const other = lockstep(live, folder);
    expect([other.code, other.err]).toEqual([2, expect.stringMatching(/already runs this/)]);
    expect(lockstep(['status', '--state-dir', state], folder).out).toContain('BTCUSD on emulator');
    expect(lockstep(['status', '--state-dir', state, '--check'], folder)).toMatchObject({
      code: 0,
      out: 'well\n',
    });
    const token = readFileSync(join(state, 'page-token'), 'utf8').trim();
    const page = /status page (\S+)/.exec(second.text)?.[1] ?? '';
    const headers = { authorization: `Bearer ${token}` };
    const metrics = await (await fetch(`${page}metrics`, { headers })).text();
    expect(metrics).toMatch(/^lockstep_info\{symbol="BTCUSD",environment="emulator"/m);
    expect(readFileSync(join(state, 'heartbeat'), 'utf8')).toMatch(/Z [A-Z_]+\n$/);
    second.child.kill('SIGTERM');
    expect(await second.ended).toBe(0);
    const ended = lockstep(['status', '--state-dir', state, '--check'], folder);
    expect(ended).toMatchObject({ code: 1, out: expect.stringMatching(/^ended: stopped/) });
    expect(far.codes[0]).toBe('started');
    expect(far.codes.at(-1)).toBe('stopped');
    expect(second.text).toMatch(/stopped: no entry stands/);
    const replayed = lockstep(['replay', state], folder);
    expect(replayed.out).toMatch(/, 2 runs, \d+ commands: every command is the one that was/);
    const journal = readFileSync(join(state, 'journal', '000001.journal'), 'utf8');
    for (const text of [journal, readFileSync(join(state, 'live.log'), 'utf8'), second.text])
      for (const hidden of [secret, far.url, token]) expect(text).not.toContain(hidden);
  }, 90_000);
});
