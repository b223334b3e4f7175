import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodePublicFrame } from '../../../src/brokers/bybit/wire/public-frame.ts';
import type { CandleRecord } from '../../../src/brokers/bybit/wire/records.ts';
import { PATH_DIRECTION } from '../../../src/market/path.ts';
import type { Tape } from '../../../src/market/tape.ts';
import { Candles } from '../../../src/venue/host/candles.ts';
import type { HostEvent } from '../../../src/venue/host/host-event.ts';
import type { VenueHost } from '../../../src/venue/host/venue-host.ts';
import { MINUTE_MS, START_MS, hostOf, playTo, profile, shipped, wanderingTape } from './rig.ts';

const instrument = shipped('BTCUSDT');
const market = { category: 'linear', symbol: 'BTCUSDT' };

function read(host: VenueHost, path: string, query: object): Record<string, unknown> {
  host.request(1, host.nowMs, 'GET', path, { ...market, ...query });
  for (;;) {
    host.advanceTo(host.nowMs + 1_000);
    for (let event = host.take(); event !== undefined; event = host.take())
      if (event.t === 'reply') {
        expect(event.body.retCode).toBe(0);
        return event.body.result;
      }
  }
}

const rowsOf = (result: Record<string, unknown>): string[][] => result['list'] as string[][];

function closedCandles(events: readonly HostEvent[]): CandleRecord[] {
  return events.flatMap((event) => {
    if (event.t !== 'public') return [];
    const decoded = decodePublicFrame(event.body, instrument);
    if (!decoded.ok) throw new Error(decoded.problems.join());
    const { value } = decoded;
    return value.kind === 'candles' ? value.records.filter((record) => record.closed) : [];
  });
}

function candleOf(tape: Tape, row: number): Omit<CandleRecord, 'volume'> {
  return {
    openTimeMs: tape.openTimeMs[row] ?? 0,
    openTicks: tape.open[row] ?? 0,
    highTicks: tape.high[row] ?? 0,
    lowTicks: tape.low[row] ?? 0,
    closeTicks: tape.close[row] ?? 0,
    closed: true,
  };
}

describe('market data of a tape', () => {
  it('R-HST-5 streams every candle once, closed and as the tape has it, gaps or not', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1e6 }),
        fc.uniqueArray(fc.integer({ min: 1, max: 18 }), { maxLength: 6 }),
        (seed, skip) => {
          const tape = wanderingTape(20, seed, skip);
          const host = hostOf(tape, { execution: profile('home') });
          host.listen('kline.1.BTCUSDT');
          const closed = closedCandles(playTo(host, host.endMs + 5_000));
          expect(closed).toHaveLength(tape.count);
          closed.forEach((candle, row) => expect(candle).toMatchObject(candleOf(tape, row)));
        },
      ),
      { numRuns: 30 },
    );
  });

  it('R-HST-5 lists the same candles as it streams, newest first, page by page, with the open one', () => {
    const tape = wanderingTape(30, 5);
    const host = hostOf(tape);
    playTo(host, START_MS + 20 * MINUTE_MS + 30_000);
    const all = rowsOf(read(host, '/v5/market/kline', { interval: '1' }));
    expect(all).toHaveLength(21);
    expect(all[0]?.[0]).toBe(String(START_MS + 20 * MINUTE_MS));
    const pages: string[][] = [];
    let end = host.nowMs;
    for (let page = 0; page < 5; page += 1) {
      const rows = rowsOf(read(host, '/v5/market/kline', { interval: '1', limit: 6, end }));
      pages.push(...rows);
      end = Number(rows.at(-1)?.[0]) - 1;
    }
    expect(pages).toEqual(all);
    const [start, open, high, low, close] = all[1] ?? [];
    const row = 19;
    expect([Number(start), open, high, low, close].map(String)).toEqual([
      String(tape.openTimeMs[row]),
      ...[tape.open, tape.high, tape.low, tape.close].map((column) =>
        instrument.formatPrice(column[row] ?? 0),
      ),
    ]);
  });

  it('R-HST-5 shows of an open candle only what its path has been through', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 999 }),
        fc.integer({ min: 0, max: 59_999 }),
        (seed, ms) => {
          const tape = wanderingTape(3, seed);
          const candles = new Candles(tape, PATH_DIRECTION);
          const now = candles.at(START_MS, MINUTE_MS, START_MS + ms);
          const later = candles.at(START_MS, MINUTE_MS, START_MS + MINUTE_MS);
          if (now === undefined || later === undefined) throw new Error('no candle');
          expect(now.low).toBeGreaterThanOrEqual(later.low);
          expect(now.high).toBeLessThanOrEqual(later.high);
          expect(now.low).toBeLessThanOrEqual(Math.min(now.open, now.close));
          expect(now.high).toBeGreaterThanOrEqual(Math.max(now.open, now.close));
          expect(now.volumeSteps).toBeLessThanOrEqual(later.volumeSteps);
          expect(now.closed).toBe(false);
          expect(later).toMatchObject({ high: tape.high[0], low: tape.low[0], closed: true });
        },
      ),
    );
  });

  it('R-HST-6 tells tickers as a picture and its changes, which add up to the list', () => {
    const host = hostOf(wanderingTape(10, 9));
    host.listen('tickers.BTCUSDT');
    let row: Record<string, unknown> = {};
    const kinds: string[] = [];
    for (const event of playTo(host, START_MS + 5 * MINUTE_MS)) {
      if (event.t !== 'public') continue;
      expect(decodePublicFrame(event.body, instrument).ok).toBe(true);
      kinds.push(String(event.body['type']));
      row = { ...row, ...(event.body['data'] as object) };
    }
    expect(kinds.slice(0, 3)).toEqual(['snapshot', 'delta', 'delta']);
    const [listed] = rowsOf(read(host, '/v5/market/tickers', {})) as unknown as object[];
    expect(row).toEqual(listed);
  });

  it('R-HST-7 makes trades that use up the volume of each candle, and lists the newest first', () => {
    const tape = wanderingTape(6, 2);
    const host = hostOf(tape);
    host.listen('publicTrade.BTCUSDT');
    const traded = playTo(host, host.endMs).flatMap((event) => {
      if (event.t !== 'public') return [];
      const decoded = decodePublicFrame(event.body, instrument);
      return decoded.ok && decoded.value.kind === 'trades' ? decoded.value.records : [];
    });
    // The trade at the first open was before anybody listened.
    const volume = tape.volumeSteps.reduce((sum, steps) => sum + steps, 0);
    const missed = Math.floor((tape.volumeSteps[0] ?? 0) / 4);
    expect(traded.reduce((sum, trade) => sum + trade.qtySteps, 0)).toBe(volume - missed);
    const listed = rowsOf(read(host, '/v5/market/recent-trade', { limit: 3 })) as unknown as {
      time: string;
    }[];
    expect(listed.map(({ time }) => Number(time))).toEqual(
      traded
        .slice(-3)
        .map(({ timeMs }) => timeMs)
        .reverse(),
    );
  });

  it('answers what else a client asks before it trades', () => {
    const host = hostOf(wanderingTape(6, 2));
    playTo(host, START_MS + MINUTE_MS);
    const [info] = rowsOf(read(host, '/v5/market/instruments-info', {})) as unknown as object[];
    expect(info).toMatchObject({
      symbol: 'BTCUSDT',
      contractType: 'LinearPerpetual',
      fundingInterval: 480,
    });
    const book = read(host, '/v5/market/orderbook', { limit: 2 });
    const [[bid] = [], [ask] = []] = [book['b'], book['a']].map((side) => (side as string[][])[0]);
    expect(Number(ask)).toBeGreaterThan(Number(bid));
    expect(read(host, '/v5/market/funding/history', { limit: 2 })['list']).toEqual([
      { symbol: 'BTCUSDT', fundingRate: '0.0001', fundingRateTimestamp: String(START_MS) },
      {
        symbol: 'BTCUSDT',
        fundingRate: '0.0001',
        fundingRateTimestamp: String(START_MS - 28_800_000),
      },
    ]);
    expect(read(host, '/v5/account/fee-rate', {})['list']).toMatchObject([
      { takerFeeRate: '0.00055' },
    ]);
    expect(read(host, '/v5/user/query-api', {})).toMatchObject({
      readOnly: 0,
      permissions: { Wallet: [] },
    });
    expect(host.listen('kline.7.BTCUSDT')).toBe(false);
    expect(host.listen('tickers.ETHUSDT')).toBe(false);
  });
});
