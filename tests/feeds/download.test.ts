import { appendFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { failureOfReply, failureOfThrown, pauseMs } from '../../src/feeds/bybit-errors.ts';
import type { RequestFailure } from '../../src/feeds/bybit-errors.ts';
import { downloadCandles } from '../../src/feeds/download.ts';
import type { DownloadOptions, DownloadProgress } from '../../src/feeds/download.ts';
import { DataStore } from '../../src/feeds/store.ts';
import { candleAt, fakeBybit } from './bybit-server.ts';
import type { FakeBybit } from './bybit-server.ts';
import { CANDLES, MINUTE, refusal, scratch, shipped, START, tree } from './helpers.ts';

const instrument = shipped();
/** The server's clock: half a minute into the candle that is still open. */
const NOW = START + 3_600 * MINUTE + 30_000;
const LISTED = START - 500 * MINUTE;

let bybit: FakeBybit;
beforeEach(async () => {
  bybit = await fakeBybit(LISTED, NOW);
});
afterEach(() => bybit.close());

function options(change: Partial<DownloadOptions> = {}): DownloadOptions {
  return {
    key: CANDLES,
    instrument,
    fromMs: START,
    toMs: START + 3_600 * MINUTE,
    baseUrl: bybit.url,
    timeoutMs: 2_000,
    retryDelayMs: 1,
    attempts: 3,
    ...change,
  };
}

function emptyStore(): DataStore {
  return new DataStore(scratch());
}

function partials(store: DataStore): string[] {
  const dir = join(store.dataDir, '.download');
  return existsSync(dir) ? readdirSync(dir) : [];
}

describe('a download', () => {
  it('walks back page by page and brings in exactly the range', async () => {
    const store = emptyStore();
    const progress: DownloadProgress[] = [];
    const result = await downloadCandles(store, options({ onProgress: (p) => progress.push(p) }));
    expect([result.info.rows, result.info.gaps, result.info.fromMs]).toEqual([3_600, [], START]);
    expect(bybit.requests.length).toBe(4);
    expect(progress.map(({ pages, rows }) => [pages, rows])).toEqual([
      [1, 1000],
      [2, 2000],
      [3, 3000],
      [4, 3600],
    ]);
    const tape = await store.loadTape(CANDLES, instrument);
    for (const index of [0, 999, 1000, 2600, 3599]) {
      const [time, open, high, low, close, volume] = candleAt(START + index * MINUTE).map(Number);
      expect([
        tape.openTimeMs[index],
        tape.open[index],
        tape.high[index],
        tape.low[index],
        tape.close[index],
        tape.volumeSteps[index],
      ]).toEqual([
        time,
        ...[open, high, low, close].map((price) => Math.round((price ?? 0) * 10)),
        Math.round((volume ?? 0) * 1000),
      ]);
    }
    expect(partials(store)).toEqual([]);
  });

  it('leaves out the candle that is still open', async () => {
    const { info } = await downloadCandles(
      emptyStore(),
      options({
        fromMs: START + 3_590 * MINUTE,
        toMs: START + 3_700 * MINUTE,
      }),
    );
    expect([info.rows, info.toMs]).toEqual([10, START + 3_600 * MINUTE]);
  });

  it('begins where the symbol was listed', async () => {
    const { info } = await downloadCandles(
      emptyStore(),
      options({ fromMs: START - 9_000 * MINUTE }),
    );
    expect([info.rows, info.fromMs]).toEqual([4_100, LISTED]);
  });

  it('ends when a page is the last to the row', async () => {
    const { info } = await downloadCandles(emptyStore(), options({ toMs: START + 2_000 * MINUTE }));
    expect(info.rows).toBe(2_000);
  });

  it('waits out a rate limit and goes on', async () => {
    bybit.trouble = (request) =>
      request === 2 ? { tag: 'limit', resetAtMs: Date.now() + 100 } : undefined;
    const { info } = await downloadCandles(emptyStore(), options());
    expect([info.rows, bybit.requests.length]).toEqual([3_600, 5]);
  });

  it('waits as long as the limit says, two seconds where it does not say', () => {
    const limited = (resetAtMs?: number): RequestFailure => ({ tag: 'limited', resetAtMs });
    expect(pauseMs(limited(NOW + 700), 1, 500, NOW)).toBe(750);
    expect(pauseMs(limited(NOW - 700), 1, 500, NOW)).toBe(50);
    expect(pauseMs(limited(NOW + 900_000), 1, 500, NOW)).toBe(30_000);
    expect(pauseMs(limited(), 3, 500, NOW)).toBe(2_000);
    const down: RequestFailure = { tag: 'network', problem: '' };
    expect([1, 2, 3, 9].map((attempt) => pauseMs(down, attempt, 500, NOW))).toEqual([
      500, 1_000, 2_000, 30_000,
    ]);
  });

  it('says nothing of what the SDK throws but its code', () => {
    const thrown = {
      code: 429,
      message: 'x',
      body: 'secret',
      requestOptions: { key: 'K', secret: 'S' },
      headers: { 'x-bapi-limit-reset-timestamp': '1704067200000' },
    };
    expect(failureOfThrown(thrown)).toEqual({ tag: 'limited', resetAtMs: START });
    const forbidden = { ...thrown, code: 403 };
    expect(failureOfThrown(forbidden)).toEqual({ tag: 'blocked' });
    expect(failureOfThrown('text with secrets')).toEqual({
      tag: 'network',
      problem: 'no usable answer',
    });
    const withoutHeader = { retCode: 10006, retMsg: 'Too many visits' };
    expect(failureOfReply(withoutHeader)).toEqual({ tag: 'limited', resetAtMs: undefined });
  });

  it.each([
    [{ tag: 'drop' }],
    [{ tag: 'status', status: 502 }],
    [{ tag: 'code', retCode: 10016 }],
  ] as const)('tries again after %o', async (trouble) => {
    bybit.trouble = (request) => (request === 2 ? trouble : undefined);
    const { info } = await downloadCandles(emptyStore(), options());
    expect([info.rows, bybit.requests.length]).toEqual([3_600, 5]);
  });

  it('goes on where it was cut off, and merges only what is whole', async () => {
    const store = emptyStore();
    bybit.trouble = (request) => (request > 2 ? { tag: 'drop' } : undefined);
    expect(await refusal(() => downloadCandles(store, options()))).toMatch(
      /^http:\/\/127.0.0.1:\d+ gave no page in 3 attempts \(.*\); .* run the same command again/,
    );
    expect(store.list()).toEqual([]);
    const [name = ''] = partials(store);
    // A line cut off by a crash: its page is fetched again.
    appendFileSync(join(store.dataDir, '.download', name), '0123456789abcdef {"rows":[["17040');
    bybit.trouble = () => undefined;
    const before = bybit.requests.length;
    const { info } = await downloadCandles(store, options());
    expect([info.rows, bybit.requests.length - before]).toEqual([3_600, 2]);
    expect(partials(store)).toEqual([]);
    const whole = emptyStore();
    await downloadCandles(whole, options());
    expect(tree(store.dataDir)).toEqual(tree(whole.dataDir));
  });

  it('drops a damaged page of an earlier attempt and all behind it', async () => {
    const store = emptyStore();
    bybit.trouble = (request) => (request > 3 ? { tag: 'drop' } : undefined);
    await refusal(() => downloadCandles(store, options()));
    const [name = ''] = partials(store);
    const path = join(store.dataDir, '.download', name);
    const lines = readFileSync(path, 'utf8').split('\n');
    lines[2] = (lines[2] ?? '').replace('.125', '.126');
    writeFileSync(path, lines.join('\n'));
    bybit.trouble = () => undefined;
    const before = bybit.requests.length;
    await downloadCandles(store, options());
    expect(bybit.requests.length - before).toBe(3);
  });

  it('is idempotent and merges with what is there', async () => {
    const store = emptyStore();
    await downloadCandles(store, options({ toMs: START + 2_000 * MINUTE }));
    const result = await downloadCandles(store, options({ fromMs: START + 1_500 * MINUTE }));
    expect([result.info.rows, result.newRows]).toEqual([3_600, 1_600]);
    const before = tree(store.dataDir);
    await downloadCandles(store, options({ fromMs: START + 1_500 * MINUTE }));
    expect(tree(store.dataDir)).toEqual(before);
  });

  it('fetches mark candles and settlements', async () => {
    const store = emptyStore();
    const mark = { ...CANDLES, kind: 'mark' } as const;
    const { info } = await downloadCandles(store, options({ key: mark }));
    expect([info.rows, info.hasVolume]).toEqual([3_600, false]);
    const funding = {
      kind: 'funding',
      category: 'linear',
      symbol: 'BTCUSDT',
      origin: 'real',
    } as const;
    const fromMs = START - 250 * 480 * MINUTE;
    await downloadCandles(store, options({ key: funding, fromMs }));
    const history = await store.loadFunding('linear', 'BTCUSDT', 'real');
    // 250 before START and 00:00, 08:00, .. of the 60 hours after it.
    expect([history?.count, history?.timeMs[0]]).toEqual([258, fromMs]);
    expect(bybit.requests.filter(({ pathname }) => pathname.includes('funding')).length).toBe(2);
  });

  it.each([
    [{ tag: 'status', status: 403 }, /refuses this address \(HTTP 403.*wait ten minutes/, 1],
    [{ tag: 'status', status: 404 }, /127.0.0.1:\d+: HTTP 404$/, 1],
    [{ tag: 'code', retCode: 10001 }, /127.0.0.1:\d+: Bybit answered 10001 no such$/, 1],
    [{ tag: 'garbage' }, /not a page of data/, 1],
    [{ tag: 'drop' }, /gave no page in 3 attempts/, 3],
  ] as const)(
    'stops at %o with one line and leaves nothing behind',
    async (trouble, line, count) => {
      const store = emptyStore();
      bybit.trouble = () => trouble;
      const message = await refusal(() => downloadCandles(store, options()));
      expect(message).toMatch(line);
      expect(message).not.toContain('\n');
      expect([bybit.requests.length, partials(store)]).toEqual([count, []]);
    },
  );

  it('gives the network a limited time to answer at all', async () => {
    bybit.trouble = () => ({ tag: 'silence' });
    const message = await refusal(() =>
      downloadCandles(
        emptyStore(),
        options({
          firstPageMs: 150,
          timeoutMs: 60_000,
        }),
      ),
    );
    expect(message).toMatch(/did not answer within 150 ms/);
  });

  it('times a single request out', async () => {
    bybit.trouble = () => ({ tag: 'silence' });
    const message = await refusal(() =>
      downloadCandles(
        emptyStore(),
        options({
          timeoutMs: 100,
          attempts: 2,
        }),
      ),
    );
    expect([message.includes('gave no page in 2 attempts'), bybit.requests.length]).toEqual([
      true,
      2,
    ]);
  });

  it('stops when told to, keeping what has come', async () => {
    const store = emptyStore();
    const controller = new AbortController();
    bybit.trouble = (request) => {
      if (request === 3) controller.abort();
      return request === 3 ? { tag: 'silence' } : undefined;
    };
    const stopped = options({ signal: controller.signal, timeoutMs: 60_000 });
    expect(await refusal(() => downloadCandles(store, stopped))).toMatch(/was stopped/);
    expect(partials(store).length).toBe(1);
    expect(store.list()).toEqual([]);
  });

  it('refuses an address that is none', async () => {
    const wrong = options({ baseUrl: 'ftp:x' });
    expect(await refusal(() => downloadCandles(emptyStore(), wrong))).toMatch(
      /ftp:x is not an http/,
    );
  });

  it('of nothing says so', async () => {
    const none = options({ fromMs: LISTED - 900 * MINUTE, toMs: LISTED - 100 * MINUTE });
    expect(await refusal(() => downloadCandles(emptyStore(), none))).toMatch(
      /nothing in this range/,
    );
  });
});
