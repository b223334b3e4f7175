import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Alert } from '../../src/live/alerts/alert.ts';
import { readAlertFile, secretsOf } from '../../src/live/alerts/alert-file.ts';
import { AlertPace } from '../../src/live/alerts/alert-pace.ts';
import { AlertPost, POST_TIMES } from '../../src/live/alerts/alert-post.ts';
import { AlertRules } from '../../src/live/alerts/alert-rules.ts';
import { channelsOf } from '../../src/live/alerts/channel.ts';
import { DailySummary, dayIn } from '../../src/live/alerts/daily-summary.ts';
import type { DayStart } from '../../src/live/alerts/daily-summary.ts';
import { Heartbeat } from '../../src/live/alerts/heartbeat.ts';
import { hiding } from '../../src/brokers/bybit/redaction.ts';
import { Secret } from '../../src/brokers/bybit/secret.ts';
import { exampleStatus } from './support/example-status.ts';

const dir = mkdtempSync(join(tmpdir(), 'lockstep-alerts-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

type Heard = { readonly url: string; readonly authorization: string; readonly body: string };

/** A place that messages go to, which can be made to fail. */
class Far {
  readonly heard: Heard[] = [];
  /** Answers to come before it is well again. */
  readonly answers: { code: number; body?: string; after?: string }[] = [];
  isMute = false;
  readonly #server: Server;
  #waiting: (() => void)[] = [];

  constructor() {
    this.#server = createServer((request, response) => {
      let body = '';
      request.on('data', (part: Buffer) => (body += part.toString()));
      request.on('end', () => {
        const { url = '', headers } = request;
        this.heard.push({ url, authorization: headers.authorization ?? '', body });
        for (const wake of this.#waiting.splice(0)) wake();
        if (this.isMute) return;
        const { code, body: said = '{}', after } = this.answers.shift() ?? { code: 200 };
        response.writeHead(code, after === undefined ? {} : { 'retry-after': after });
        response.end(said);
      });
    });
  }

  async open(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async until(count: number): Promise<void> {
    while (this.heard.length < count)
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

const warned: Record<string, unknown>[] = [];
const quiet = (): void => undefined;
const log = {
  say: quiet,
  info: quiet,
  error: quiet,
  warn: (fields: Readonly<Record<string, unknown>>, text: string) =>
    void warned.push({ ...fields, text }),
};
const speaker = { symbol: 'BTCUSDT', environment: 'testnet', deployment: 'abc123' };
const alert = (code: Alert['code'], text = 'x'): Alert => ({ code, atMs: 0, text });
const QUICK = { ...POST_TIMES, firstRetryMs: 5, longestRetryMs: 10, attempts: 4 };

let far: Far;
beforeEach(async () => {
  far = new Far();
  warned.length = 0;
  await far.open();
});
afterEach(() => far.close());

function fileOf(name: string, settings: object, mode = 0o600): string {
  const path = join(dir, name);
  writeFileSync(path, JSON.stringify(settings));
  chmodSync(path, mode);
  return path;
}

const bot = { token: '123456:AAtokenOfTheBot', chatId: -1001 };

describe('delivery', () => {
  const post = async (times = QUICK): Promise<AlertPost> => {
    const settings = await readAlertFile(
      fileOf('both.json', {
        webhook: { url: `${far.url}/hook/path-secret`, token: 'bearer-secret' },
        telegram: { ...bot, apiUrl: far.url },
      }),
    );
    return new AlertPost(channelsOf(settings, speaker), log, Date.now, times);
  };

  it('tells webhook and Telegram what, whose and when', async () => {
    const both = await post();
    both.take(alert('halt', 'halted: <b>long</b>'));
    await far.until(2);
    await both.close();
    const hook = far.heard.find(({ url }) => url.startsWith('/hook'));
    expect(hook?.authorization).toBe('Bearer bearer-secret');
    expect(JSON.parse(hook?.body ?? '')).toMatchObject({
      code: 'halt',
      symbol: 'BTCUSDT',
      environment: 'testnet',
      time: '1970-01-01T00:00:00Z',
      text: expect.stringContaining('halt: halted: <b>long</b>'),
    });
    const telegram = far.heard.find(({ url }) => url === `/bot${bot.token}/sendMessage`);
    const said = JSON.parse(telegram?.body ?? '') as Record<string, unknown>;
    expect(said).toMatchObject({ chat_id: '-1001', text: expect.stringContaining('on testnet') });
    expect(said).not.toHaveProperty('parse_mode');
  });

  it('tries again while the other end fails, and in the order of the news', async () => {
    const settings = await readAlertFile(fileOf('hook.json', { webhook: { url: far.url } }));
    const one = new AlertPost(channelsOf(settings, speaker), log, Date.now, QUICK);
    far.answers.push({ code: 502 }, { code: 429, body: '{"parameters":{"retry_after":0}}' });
    one.take(alert('disk', 'first'));
    one.take(alert('halt', 'second'));
    await far.until(4);
    await one.close();
    const codes = far.heard.map(({ body }) => (JSON.parse(body) as Alert).code);
    expect(codes).toEqual(['disk', 'disk', 'disk', 'halt']);
    expect(warned).toEqual([]);
  });

  it('at the end tells what was held back, counted, and then the last word', async () => {
    const settings = await readAlertFile(fileOf('hook.json', { webhook: { url: far.url } }));
    const one = new AlertPost(channelsOf(settings, speaker), log, Date.now, QUICK);
    for (const text of ['a', 'b', 'c']) one.take(alert('fill', text));
    one.take(alert('stopped', 'flat'));
    await one.close();
    const texts = far.heard.map(({ body }) => (JSON.parse(body) as Alert).text.split('\n')[0]);
    expect(texts).toEqual([
      'fill: a',
      'fill: c (2 of these since the last message)',
      'stopped: flat',
    ]);
  });

  it('gives up what is refused, and says so without the address', async () => {
    const both = await post();
    far.answers.push(...Array.from({ length: 8 }, () => ({ code: 404 })));
    both.take(alert('banned', 'five minutes'));
    await far.until(2);
    await both.close();
    expect(far.heard).toHaveLength(2);
    expect(warned).toHaveLength(2);
    expect(warned[0]).toMatchObject({ why: 'HTTP 404', text: 'not delivered: five minutes' });
    expect(JSON.stringify(warned)).not.toMatch(/secret|token|127\.0\.0\.1/i);
  });

  it('has gone on before anything is sent, and ends in time where nobody answers', async () => {
    far.isMute = true;
    const both = await post({ ...QUICK, closeWithinMs: 50 });
    for (let at = 0; at < 1_000; at += 1) both.take(alert('fill', String(at)));
    expect(far.heard).toHaveLength(0);
    await both.close();
    expect(warned.every(({ why }) => ['the process ends', 'stopped'].includes(String(why)))).toBe(
      true,
    );
  });

  it('of an end that is not there says only what kind of failure it was', async () => {
    const both = await post();
    far.close();
    both.take(alert('halt'));
    await expect.poll(() => warned.length).toBe(2);
    expect(warned.map(({ why }) => why)).toEqual(['ECONNREFUSED', 'ECONNREFUSED']);
    await both.close();
  });
});

describe('the pace', () => {
  it('tells the first at once and what repeats it as one, counted', () => {
    const pace = new AlertPace();
    expect(pace.take(alert('fill', 'a'), 0)?.text).toBe('a');
    expect(pace.take(alert('fill', 'b'), 1_000)).toBe(undefined);
    expect(pace.take(alert('fill', 'c'), 2_000)).toBe(undefined);
    expect(pace.take(alert('halt', 'h'), 2_000)?.text).toBe('h');
    expect(pace.release(9_999)).toBe(undefined);
    expect(pace.dueMs()).toBe(10_000);
    expect(pace.release(10_000)?.text).toBe('c (2 of these since the last message)');
    expect(pace.dueMs()).toBe(Infinity);
  });

  it('never tells more than 20 in ten minutes, and always the newest of each kind in the end', () => {
    const codes = fc.constantFrom<Alert['code']>('fill', 'halt', 'banned', 'disk', 'late-fill');
    const news = fc.array(fc.tuple(codes, fc.integer({ min: 0, max: 30_000 })), { maxLength: 300 });
    fc.assert(
      fc.property(news, (all) => {
        const pace = new AlertPace();
        const passed: { ms: number; alert: Alert }[] = [];
        const newest = new Map<string, string>();
        let nowMs = 0;
        const note = (told: Alert | undefined): void => {
          if (told !== undefined) passed.push({ ms: nowMs, alert: told });
        };
        const runTo = (ms: number): void => {
          while (pace.dueMs() <= ms) {
            nowMs = Math.max(nowMs, pace.dueMs());
            note(pace.release(nowMs));
          }
          nowMs = ms;
        };
        for (const [at, [code, waitMs]] of all.entries()) {
          runTo(nowMs + waitMs);
          newest.set(code, `n${at}.`);
          note(pace.take(alert(code, `n${at}.`), nowMs));
        }
        runTo(nowMs + 10_000_000);
        for (const [at, { ms }] of passed.entries())
          expect(ms - (passed[at - 20]?.ms ?? -Infinity)).toBeGreaterThanOrEqual(600_000);
        for (const [code, text] of newest)
          expect(passed.findLast((each) => each.alert.code === code)?.alert.text).toContain(text);
      }),
    );
  });
});

describe('what is told', () => {
  const told: Alert[] = [];
  let free = 1e12;
  let rules: AlertRules;
  beforeEach(() => {
    told.length = 0;
    const limits = { liquidationPercent: 10, diskFreeBytes: 1e9 };
    rules = new AlertRules(
      limits,
      () => free,
      (each) => void told.push(each),
    );
    rules.looked(exampleStatus());
    expect(told.splice(0).map(({ code }) => code)).toEqual(['started']);
  });
  const codes = (): string[] => told.map(({ code }) => code);

  it('is every alarm, whatever its code', () => {
    rules.acted({ t: 'timer', atMs: 7 }, [
      { t: 'alarm', code: 'unprotected', text: 'position without its exit' },
      { t: 'alarm', code: 'unknown-for-long', text: 'abc123' },
    ]);
    expect(told).toEqual([
      { code: 'unprotected', atMs: 7, text: 'position without its exit' },
      { code: 'unknown-for-long', atMs: 7, text: 'abc123' },
    ]);
  });

  it('is a fill once, with what it led to', () => {
    rules.looked(exampleStatus({ fills: 8 }));
    rules.looked(exampleStatus({ fills: 8 }));
    expect(told.map(({ text }) => text)).toEqual([
      'filled at 49000: long 0.010 from 49000, realised 1.5 USDT',
    ]);
  });

  it('is a halt, and its end', () => {
    const halted = exampleStatus({ state: 'HALTED', entriesStopped: ['halted'] });
    for (const status of [halted, halted, exampleStatus(), exampleStatus()]) rules.looked(status);
    expect(codes()).toEqual(['halt', 'resumed']);
  });

  it('is a position without its exit, once it has lasted, once', () => {
    const { atMs } = exampleStatus();
    const bare = (afterMs: number, withoutExit: number[]): void =>
      rules.looked(exampleStatus({ atMs: atMs + afterMs, withoutExit }));
    bare(0, [0]);
    bare(29_000, [0]);
    bare(29_500, []);
    bare(40_000, [0]);
    expect(codes()).toEqual([]);
    bare(70_000, [0]);
    bare(100_000, [0]);
    expect(codes()).toEqual(['unprotected']);
    expect(told[0]?.text).toContain('no exit stands for slot 0');
  });

  it('is liquidation coming near, once until it was well away', () => {
    for (const distancePercent of [10, 9.9, 8, 11, 9, 12, 9, null])
      rules.looked(exampleStatus({ liquidation: { price: 1, distancePercent } }));
    expect(codes()).toEqual(['liquidation-near', 'liquidation-near']);
    expect(told[0]?.text).toBe('9.9 % to liquidation at 1');
  });

  it('is a disk that fills, and the end of the process', () => {
    free = 5e8;
    rules.looked(exampleStatus());
    free = 1e12;
    rules.looked(exampleStatus({ state: 'STOPPED', end: 'stopped: flat' }));
    rules.looked(exampleStatus({ state: 'STOPPED', end: 'stopped: flat' }));
    expect(codes()).toEqual(['disk-low', 'stopped']);
  });
});

describe('the daily summary', () => {
  it('comes at the midnight of the time zone, with the day’s own sums, over restarts too', () => {
    let kept: DayStart | undefined;
    const store = { read: () => kept, write: (start: DayStart) => void (kept = start) };
    const told: Alert[] = [];
    const look = (time: string, fills: number, realised: number): void => {
      const { money } = exampleStatus();
      const status = exampleStatus({
        atMs: Date.parse(time),
        fills,
        money: { ...money, realised },
      });
      // A process of its own each time.
      new DailySummary('Europe/Berlin', store, (each) => void told.push(each)).looked(status);
    };
    look('2024-07-01T20:00Z', 7, 1.5);
    look('2024-07-01T21:59Z', 9, 2);
    expect(told).toEqual([]);
    look('2024-07-01T22:00Z', 10, 2.25);
    expect(told).toHaveLength(1);
    expect(told[0]?.text).toMatch(/^2024-07-01: 3 fills, realised 0.75, fees 0, funding 0 USDT;/);
    look('2024-07-02T21:59Z', 11, 2.25);
    expect(told).toHaveLength(1);
  });

  it('refuses what is no time zone', () => {
    expect(() => dayIn('Middle/Earth')).toThrow('--tz Middle/Earth is no time zone');
    expect(dayIn('UTC')(0)).toBe('1970-01-01');
  });
});

describe('the heartbeat', () => {
  it('beats once a minute while the process looks and hears, and stops when it does not', async () => {
    let nowMs = 0;
    const url = new Secret(`${far.url}/beat/secret`);
    const beat = new Heartbeat({ stateDir: dir, url, log, nowMs: () => nowMs });
    const look = (untilMs: number, changes = {}): void => {
      for (; nowMs < untilMs; nowMs += 1_000) beat.looked(exampleStatus(changes));
    };
    look(60_000);
    await far.until(1);
    expect(readFileSync(join(dir, 'heartbeat'), 'utf8')).toBe('1970-01-01T00:00:00.000Z TRADING\n');
    // Answered: the next one is not held back.
    await new Promise((resolve) => setTimeout(resolve, 20));
    look(61_000, { state: 'HALTED' });
    await far.until(2);
    expect(readFileSync(join(dir, 'heartbeat'), 'utf8')).toContain('00:01:00.000Z HALTED');
    await new Promise((resolve) => setTimeout(resolve, 20));
    const before = readFileSync(join(dir, 'heartbeat'), 'utf8');
    const deaf = { streams: { private: 'connecting', public: 'subscribed' } };
    nowMs = 181_000;
    look(1_000_000, deaf);
    look(2_000_000, { state: 'FAILED' });
    expect(readFileSync(join(dir, 'heartbeat'), 'utf8')).toBe(before);
    expect(far.heard).toHaveLength(2);
    await beat.close();
  });
});

describe('the file of alerts', () => {
  const refusal = (path: string): Promise<string> =>
    readAlertFile(path).then(
      () => 'taken',
      (error: Error) => error.message,
    );

  it('is refused in one line that quotes nothing of it', async () => {
    const bad: [object, RegExp][] = [
      [{ webhook: { url: 'http://example.org/canary' } }, /webhook.url is not as expected/],
      [{ webhook: { url: 'canary' } }, /webhook.url/],
      [{ telegram: { token: 'canary', chatId: 1 } }, /telegram.token/],
      [{ telegram: { ...bot, chatId: 'canary here' } }, /telegram.chatId/],
      [{ canary: 1 }, /a field is not as expected/],
      [{ liquidationPercent: 'canary' }, /liquidationPercent/],
    ];
    for (const [settings, said] of bad) {
      const message = await refusal(fileOf('bad.json', settings));
      expect(message).toMatch(said);
      expect(message).not.toContain('canary');
    }
    expect(await refusal(fileOf('open.json', {}, 0o644))).toMatch(/can be read .* by others/);
    expect(await refusal(join(dir, 'nowhere'))).toMatch(/cannot read the alerts file/);
  });

  it('holds secrets that no text lets out', async () => {
    const settings = await readAlertFile(
      fileOf('secrets.json', {
        webhook: { url: 'https://example.org/canary-1', token: 'canary-2' },
        telegram: { ...bot, token: '1:canary-3-canary' },
        heartbeat: { url: 'https://example.org/canary-4' },
      }),
    );
    expect(JSON.stringify(settings)).not.toContain('canary');
    expect(secretsOf(settings)).toHaveLength(4);
    const redact = hiding(secretsOf(settings));
    expect(redact('x canary-2 https://example.org/canary-4')).toBe('x *** ***');
  });
});
