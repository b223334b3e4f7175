import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ClosedCandle } from '../../src/brokers/candle-feed.ts';
import { KlineFeed } from '../../src/brokers/bybit/kline-feed.ts';
import { Instrument } from '../../src/engine/instrument.ts';
import type { IndicatorNeed } from '../../src/engine/strategy.ts';
import { indicatorSeries } from '../../src/market/indicator-series.ts';
import { BTCUSD, BTCUSDT } from '../fixtures/instruments.ts';
import { makeTape } from '../fixtures/tapes.ts';
import { KlineVenue, NO_TROUBLES } from './support/kline-venue.ts';
import type { Troubles, VenueCandle } from './support/kline-venue.ts';

const MINUTE = 60_000;
const START_MS = 1_700_000_000_000 - (1_700_000_000_000 % (60 * MINUTE));
const linear = new Instrument(BTCUSDT);
const inverse = new Instrument(BTCUSD);

const NEEDS: readonly IndicatorNeed[] = [
  { kind: 'atr', period: 3, intervalMs: MINUTE },
  { kind: 'ema', period: 5, intervalMs: MINUTE },
  { kind: 'sma', period: 4, intervalMs: MINUTE },
];

function series(count: number, random: () => number, missing = 0): VenueCandle[] {
  let open = 600_000;
  const candles: VenueCandle[] = [];
  for (let i = 0; i < count; i += 1) {
    const close = Math.max(1_000, open + Math.floor((random() - 0.5) * 400));
    const high = Math.max(open, close) + Math.floor(random() * 90);
    const low = Math.min(open, close) - Math.floor(random() * 90);
    if (random() >= missing)
      candles.push({ openTimeMs: START_MS + i * MINUTE, open, high, low, close });
    open = close;
  }
  return candles;
}

/** What a backtest over the same candles would tell. */
function columnsOf(
  candles: readonly VenueCandle[],
  needs: readonly IndicatorNeed[],
): ClosedCandle[] {
  const rows = candles.map((candle) => ({
    ...candle,
    at: (candle.openTimeMs - START_MS) / MINUTE,
  }));
  const values = indicatorSeries(makeTape(rows, MINUTE, START_MS), needs);
  return Array.from({ length: values.count }, (_, row) => ({
    closeMs: values.closeTimeMs[row] ?? NaN,
    closeTicks: values.close[row] ?? NaN,
    indicators: needs.map((_need, i) => values.values[row * needs.length + i] ?? NaN),
  }));
}

type Run = {
  readonly told: ClosedCandle[];
  readonly venue: KlineVenue;
  readonly problems: string[];
};

function follow(
  candles: readonly VenueCandle[],
  bootMs: number,
  untilMs: number,
  troubles: Partial<Troubles> = {},
  options: { instrument?: Instrument; toldUntilMs?: number; startMs?: number } = {},
): Run {
  const { instrument = linear, toldUntilMs = -Infinity, startMs = START_MS } = options;
  const venue = new KlineVenue(
    candles,
    MINUTE,
    instrument,
    { ...NO_TROUBLES, ...troubles },
    START_MS,
  );
  venue.run(bootMs);
  const told: ClosedCandle[] = [];
  const problems: string[] = [];
  const feed = new KlineFeed({
    instrument,
    needs: NEEDS,
    startMs,
    toldUntilMs,
    clock: venue.clock,
    transport: (sink) => venue.transport(sink),
    problem: (text) => problems.push(text),
  });
  feed.start((candle) => told.push(candle));
  venue.run(untilMs);
  return { told, venue, problems };
}

const random = (seed: number): (() => number) => {
  let state = (seed % 2_147_483_646) + 1;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
};

describe('the live candle feed', () => {
  it.each([
    ['linear', linear],
    ['inverse', inverse],
  ])('tells what a backtest knows, bit for bit: %s', (_, instrument) => {
    const candles = series(200, random(1));
    const run = follow(
      candles,
      START_MS + 90.4 * MINUTE,
      START_MS + 201 * MINUTE,
      {},
      { instrument },
    );
    expect(run.told).toEqual(columnsOf(candles, NEEDS));
    expect(run.problems).toEqual([]);
    expect(run.venue.connections).toBe(1);
  });

  it('says that the exchange has no candle as old as the indicators were to begin at', () => {
    const startMs = START_MS - 30 * MINUTE;
    const [bootMs, untilMs] = [START_MS + 20 * MINUTE, START_MS + 30 * MINUTE];
    const { told, problems } = follow(series(40, random(1)), bootMs, untilMs, {}, { startMs });
    expect(told.length).toBeGreaterThan(20);
    expect(problems).toEqual([expect.stringMatching(/has none before .*were to begin at/)]);
  });

  it('tells each closed candle once and in order, whatever is lost, repeated, late or broken', () => {
    const property = fc.property(
      fc.integer({ min: 1, max: 2 ** 30 }),
      fc.integer({ min: 0, max: 60 * MINUTE }),
      fc.record({
        loses: fc.double({ min: 0, max: 0.9, noNaN: true }),
        repeats: fc.double({ min: 0, max: 0.9, noNaN: true }),
        disconnects: fc.double({ min: 0, max: 0.5, noNaN: true }),
        failsReads: fc.double({ min: 0, max: 0.7, noNaN: true }),
        lagMs: fc.integer({ min: 0, max: 59_000 }),
      }),
      fc.constantFrom(0, 0, 0.1, 0.5),
      (seed, bootAfterMs, troubles, missing) => {
        const chance = random(seed);
        const candles = series(80, chance, missing);
        const { told } = follow(candles, START_MS + bootAfterMs, START_MS + 80 * MINUTE, {
          ...troubles,
          chance,
        });
        const expected = columnsOf(candles, NEEDS);
        expect(told).toEqual(expected.slice(0, told.length));
        // It may still be waiting for a read, but it has not stopped.
        expect(told.length).toBeGreaterThan(expected.length - 25);
      },
    );
    fc.assert(property, { numRuns: 150 });
  });

  it('reads years of history page by page, over stretches without candles', () => {
    const early = series(2_500, random(3));
    const late = series(30, random(4)).map((candle) => ({
      ...candle,
      openTimeMs: candle.openTimeMs + 7_000 * MINUTE,
    }));
    const candles = [...early, ...late];
    const { told, venue } = follow(
      candles,
      START_MS + 7_020 * MINUTE,
      START_MS + 7_031 * MINUTE,
      {},
      { startMs: START_MS - 5_000 * MINUTE },
    );
    expect(told).toEqual(columnsOf(candles, NEEDS));
    expect(venue.reads).toBeLessThan(20);
  });

  it('begins at the first candle that opens at or after the start, as a tape does', () => {
    const candles = series(40, random(5));
    const { told } = follow(
      candles,
      START_MS + 20 * MINUTE,
      START_MS + 41 * MINUTE,
      {},
      {
        startMs: START_MS + 9.5 * MINUTE,
      },
    );
    expect(told).toEqual(columnsOf(candles.slice(10), NEEDS));
  });

  it('tells a process that comes back only what closed since, with the same numbers', () => {
    const candles = series(60, random(6));
    const bootMs = START_MS + 40.5 * MINUTE;
    const toldUntilMs = START_MS + 33 * MINUTE;
    const { told } = follow(candles, bootMs, START_MS + 61 * MINUTE, {}, { toldUntilMs });
    expect(told).toEqual(columnsOf(candles, NEEDS).slice(33));
  });

  it('goes on by reading while the stream cannot be had', () => {
    const candles = series(40, random(7));
    const { told, venue } = follow(candles, START_MS, START_MS + 41 * MINUTE, { loses: 1 });
    expect(told).toEqual(columnsOf(candles, NEEDS).slice(0, told.length));
    expect(told.length).toBeGreaterThanOrEqual(39);
    expect(venue.reads).toBeLessThan(100);
  });

  it('asks nothing and tells nothing where the strategy needs no indicator', () => {
    const venue = new KlineVenue(series(5, random(8)), MINUTE, linear, NO_TROUBLES, START_MS);
    const feed = new KlineFeed({
      instrument: linear,
      needs: [],
      startMs: START_MS,
      toldUntilMs: -Infinity,
      clock: venue.clock,
      transport: (sink) => venue.transport(sink),
    });
    feed.start(() => expect.unreachable());
    venue.run(START_MS + 6 * MINUTE);
    expect([venue.reads, venue.connections]).toEqual([0, 0]);
  });

  it('refuses an interval that Bybit does not have', () => {
    const venue = new KlineVenue([], MINUTE, linear, NO_TROUBLES, START_MS);
    const make = (): KlineFeed =>
      new KlineFeed({
        instrument: linear,
        needs: [{ kind: 'sma', period: 3, intervalMs: 45 * MINUTE }],
        startMs: START_MS,
        toldUntilMs: -Infinity,
        clock: venue.clock,
        transport: (sink) => venue.transport(sink),
      });
    expect(make).toThrow('Bybit has no candles of 45 minutes');
  });
});
