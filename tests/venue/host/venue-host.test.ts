import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PATH_ADVERSE, PATH_DIRECTION } from '../../../src/market/path.ts';
import { TapePath } from '../../../src/market/tape-path.ts';
import type { Body } from '../../../src/venue/exchange/order-ask.ts';
import type { HostEvent } from '../../../src/venue/host/host-event.ts';
import type { VenueHost } from '../../../src/venue/host/venue-host.ts';
import {
  MINUTE_MS,
  START_MS,
  hostOf,
  limit,
  optionsOf,
  playTo,
  profile,
  tapeOf,
  wanderingTape,
} from './rig.ts';

const create = '/v5/order/create';
const send = (host: VenueHost, id: number, path: string, params: object): void =>
  host.request(id, host.nowMs, 'POST', path, params as Body);
const replies = (events: readonly HostEvent[]): Extract<HostEvent, { t: 'reply' }>[] =>
  events.filter((event) => event.t === 'reply');

describe('the venue on a tape', () => {
  it('R-HST-1 fills a resting order at the first ms its path trades through it', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 500 }),
        fc.integer({ min: 5, max: 400 }),
        (seed, off) => {
          const tape = wanderingTape(40, seed);
          const host = hostOf(tape);
          const ticks = 500_000 - off;
          // Not one that takes at once.
          fc.pre((tape.open[0] ?? 0) > ticks);
          send(host, 1, create, limit('a', 'Buy', (ticks / 10).toFixed(1), '0.001'));
          playTo(host, host.endMs);
          const { throughTicks } = profile('ideal');
          const path = new TapePath(tape, PATH_DIRECTION);
          const last = tape.count - 1;
          const level = ticks - throughTicks;
          const reachedMs = path.firstOutside(last, START_MS, host.endMs, level, Infinity);
          const filled = host.truth.executions.map(({ timeMs, priceTicks }) => [
            timeMs,
            priceTicks,
          ]);
          expect(filled).toEqual(reachedMs < Infinity ? [[reachedMs, ticks]] : []);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('is the same whatever steps its time moves in', () => {
    const traffic = (host: VenueHost, stepMs: number): string => {
      host.listen('tickers.BTCUSDT');
      host.listen('kline.1.BTCUSDT');
      const log: HostEvent[] = [];
      for (let sent = 0; sent < 20; sent += 1) {
        const side = sent % 3 === 0 ? 'Sell' : 'Buy';
        const price = (50_000 + (side === 'Buy' ? -1 : 1) * (sent % 7)).toFixed(1);
        send(host, sent, create, limit(`o-${sent}`, side, price, '0.01'));
        const untilMs = host.nowMs + 47_000;
        for (let atMs = host.nowMs; atMs < untilMs;) {
          atMs = Math.min(untilMs, atMs + stepMs);
          log.push(...playTo(host, atMs));
        }
      }
      return JSON.stringify(log);
    };
    const tape = wanderingTape(20, 3, [7, 8]);
    const home = { execution: profile('home') };
    const whole = traffic(hostOf(tape, home), 1e9);
    expect(traffic(hostOf(tape, home), 333)).toBe(whole);
    expect(whole).toContain('"execution"');
  });

  it('survives any orders, and its account always adds up', () => {
    const order = fc.record({
      side: fc.constantFrom('Buy', 'Sell'),
      orderType: fc.constantFrom('Limit', 'Market'),
      price: fc.integer({ min: 499_000, max: 501_000 }).map((ticks) => (ticks / 10).toFixed(1)),
      qty: fc.integer({ min: 1, max: 5 }).map((n) => `0.00${n}`),
      reduceOnly: fc.boolean(),
      timeInForce: fc.constantFrom('GTC', 'IOC', 'PostOnly'),
      stopLoss: fc.option(fc.constantFrom('49800', '50200'), { nil: undefined }),
    });
    fc.assert(
      fc.property(
        fc.array(order, { maxLength: 25 }),
        fc.integer({ min: 1, max: 99 }),
        (orders, seed) => {
          const host = hostOf(wanderingTape(30, seed, [5, 20]), { execution: profile('home') });
          orders.forEach((each, at) => {
            send(host, at, create, { category: 'linear', symbol: 'BTCUSDT', ...each });
            playTo(host, host.nowMs + 50_000);
          });
          playTo(host, host.endMs);
          const { executions, positionSteps } = host.truth;
          const held = executions.reduce(
            (sum, { side, qtySteps, execType }) =>
              sum + (execType === 'Funding' ? 0 : side * qtySteps),
            0,
          );
          expect(held).toBe(positionSteps);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('R-HST-3 takes the way of its profile: the answer is late, its news later than what it is about', () => {
    const host = hostOf(wanderingTape(5, 1), { execution: profile('home') });
    send(host, 1, create, limit('a', 'Buy', '50100.0', '0.001'));
    const events = playTo(host, START_MS + 10_000);
    const [reply] = replies(events);
    expect(reply?.body.retCode).toBe(0);
    expect(reply?.atMs).toBeGreaterThan(START_MS + 50);
    const [execution] = host.truth.executions;
    const told = events.find((event) => event.t === 'private' && event.topic === 'execution');
    expect(execution?.timeMs).toBeGreaterThan(START_MS);
    expect(told?.atMs).toBeGreaterThan(execution?.timeMs ?? Infinity);
  });

  it('R-HST-1 keeps orders waiting while there is no candle, and lets them in with the next price', () => {
    const rows = Array.from({ length: 4 }, () => [500_000, 500_010, 499_990, 500_000] as const);
    const host = hostOf(tapeOf(rows, [1, 2]));
    playTo(host, START_MS + 90_000);
    send(host, 1, create, { ...limit('a', 'Buy', '', '0.001'), orderType: 'Market' });
    const inGap = playTo(host, START_MS + 3 * MINUTE_MS - 1);
    expect(replies(inGap)[0]?.body.retCode).toBe(0);
    expect(host.truth.executions).toHaveLength(0);
    playTo(host, START_MS + 3 * MINUTE_MS);
    expect(host.truth.executions.map(({ timeMs }) => timeMs)).toEqual([START_MS + 3 * MINUTE_MS]);
  });

  it('R-HST-8 books funding at the rate of the history, for the position held', () => {
    const rows = Array.from({ length: 5 }, () => [500_000, 500_010, 499_990, 500_000] as const);
    const tape = tapeOf(rows);
    for (let row = 0; row < 5; row += 1)
      tape.openTimeMs[row] = START_MS - 2 * MINUTE_MS + row * MINUTE_MS;
    const funding = {
      count: 1,
      timeMs: Float64Array.of(START_MS),
      rate: Float64Array.of(-0.0003),
    };
    const host = hostOf(tape, { funding });
    send(host, 1, create, { ...limit('a', 'Buy', '', '0.1'), orderType: 'Market' });
    playTo(host, host.endMs);
    const booked = host.truth.executions.filter(({ execType }) => execType === 'Funding');
    expect(booked.map(({ timeMs, feeRate, feeMoney }) => [timeMs, feeRate, feeMoney])).toEqual([
      [START_MS, '-0.0003', -1.5e8],
    ]);
  });

  it('R-HST-2 is liquidated by a price that jumps, and goes on', () => {
    const host = hostOf(wanderingTape(5, 1));
    send(host, 1, create, { ...limit('a', 'Buy', '', '0.1'), orderType: 'Market' });
    playTo(host, START_MS + 1_000);
    expect(host.truth.positionSteps).toBe(100);
    host.spike(400_000);
    playTo(host, START_MS + 60_000);
    expect(host.truth.positionSteps).toBe(0);
    expect(host.truth.executions.at(-1)?.execType).toBe('BustTrade');
  });

  it('refuses what it cannot walk, with one line', () => {
    const tape = wanderingTape(2, 1);
    expect(() => hostOf(tape, { path: PATH_ADVERSE })).toThrow(/adverse path/);
    expect(() => hostOf(tape, { tickEveryMs: 7 })).toThrow(/does not divide a minute/);
    expect(optionsOf(tape).tape).toBe(tape);
  });
});
