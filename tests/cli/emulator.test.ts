import { spawn } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { RestClientV5 } from 'bybit-api';
import { describe, expect, it } from 'vitest';
import { ROOT, file, lockstepEach, marketFolder } from './support/lockstep.ts';

type Keys = Record<'key' | 'secret' | 'controlToken' | 'restUrl' | 'wsUrl' | 'controlUrl', string>;

describe('lockstep emulator', () => {
  it('serves the stored candles until it is interrupted, and says how to get in', async () => {
    const dir = marketFolder();
    const args = ['emulator', '--symbol', 'BTCUSD', '--interval', '5m', '--speed', '600'];
    const child = spawn(process.execPath, [join(ROOT, 'bin/lockstep.mjs'), ...args], { cwd: dir });
    let out = '';
    let err = '';
    child.stderr.on('data', (chunk: Buffer) => (err += String(chunk)));
    const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
    await new Promise<void>((resolve) => {
      child.stdout.on('data', (chunk: Buffer) => {
        out += String(chunk);
        if (out.includes('keys ')) resolve();
      });
      void ended.then(() => {
        resolve();
      });
    });
    expect(err).toBe('');
    const keyFile = join(dir, 'data', 'emulator-keys.json');
    expect(statSync(keyFile).mode & 0o777).toBe(0o600);
    const { key, secret, restUrl } = JSON.parse(readFileSync(keyFile, 'utf8')) as Keys;
    expect(out).toContain(restUrl);
    expect(out).not.toContain(secret);
    const rest = new RestClientV5({ key, secret, baseUrl: restUrl });
    const market = { category: 'inverse', symbol: 'BTCUSD' } as const;
    const { result } = await rest.getKline({ ...market, interval: '60', limit: 3 });
    expect(result.list.length).toBeGreaterThan(0);
    const placed = await rest.submitOrder({
      ...market,
      side: 'Buy',
      orderType: 'Market',
      qty: '1',
    });
    expect(placed.retCode).toBe(0);
    child.kill('SIGINT');
    expect(await ended).toBe(0);
  });

  it('refuses what does not go together, with one line', () => {
    const dir = marketFolder();
    const plan = file(dir, 'plan.json', '{"rates":{"nonsense":1}}');
    const base = ['emulator', '--interval', '5m'];
    const cases: readonly (readonly [readonly string[], RegExp])[] = [
      [['--speed', 'x'], /--speed x is not a number/],
      [['--path', 'adverse'], /adverse path/],
      [['--time', 'virtual', '--speed', '2'], /the client moves time/],
      [['--faults', 'nowhere.json'], /--faults nowhere.json cannot be read/],
      [['--faults', plan], /plan.json: rates/],
      [['--as-now', '--speed', '3'], /--as-now goes with --speed 1/],
      [['--profile', 'home', '--execution', 'home'], /two names of one option/],
      [['--from', '2030-01-01'], /period/],
    ];
    const ended = lockstepEach(
      cases.map(([more]) => [...base, ...more]),
      dir,
    );
    cases.forEach(([more, message], at) => {
      const { code, out, err } = ended[at] ?? { code: null, out: '', err: '' };
      expect([more, code, out]).toEqual([more, 2, '']);
      expect(err).toMatch(message);
      expect(err).toMatch(/^lockstep: [^\n]+\n$/);
    });
  });
});
