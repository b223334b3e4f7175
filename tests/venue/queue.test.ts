import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KIND_LIMIT, KIND_STOP_MARKET } from '../../src/engine/codes.ts';
import { Instrument } from '../../src/engine/instrument.ts';
import { TakerTerms } from '../../src/market/exact.ts';
import { AssumedQueue } from '../../src/venue/assumed-queue.ts';
import type { QueueAhead } from '../../src/venue/execution-profile.ts';
import { Venue } from '../../src/venue/venue.ts';
import type { VenueTerms } from '../../src/venue/venue-terms.ts';
import { PLAIN } from '../fixtures/simulations.ts';
import { makeTrades } from '../fixtures/tapes.ts';
import type { Trade } from '../fixtures/tapes.ts';

const NO_FUNDING = {
  count: 0,
  timeMs: new Float64Array(0),
  longCost: new Float64Array(1),
  shortCost: new Float64Array(1),
};

type Fill = { id: number; ticks: number; steps: number; maker: boolean };

/** Step 0.001: a queue of 0.1 is one of 100 steps. */
class TradedVenue {
  readonly venue: Venue;
  readonly fills: Fill[] = [];
  #traded = 0;

  constructor(
    ahead: QueueAhead = { type: 'quantity', qty: 0.1 },
    terms: Partial<VenueTerms> = {},
    trades: readonly Trade[] = [],
  ) {
    const all: VenueTerms = {
      taker: new TakerTerms(0.5, 0),
      throughTicks: 1,
      participation: undefined,
      margin: { inverse: false, leverage: 1, maintenanceMarginRate: 0.005 },
      capitalMoney: NaN,
      liquidatesOnMark: true,
      queue: new AssumedQueue(makeTrades(trades), ahead, 0.001),
      ...terms,
    };
    this.venue = new Venue(new Instrument(PLAIN), all, NO_FUNDING, {
      onExecution: (id, _timeMs, _side, ticks, steps, maker) =>
        this.fills.push({ id, ticks, steps, maker }),
      onOrderEnded: () => undefined,
      onStopTriggered: () => undefined,
      onLiquidated: () => undefined,
    });
    this.venue.present.marketOpen = true;
    this.venue.present.nowMs = 0;
    this.trade(10_000, 1, 1);
  }

  /** `side`: of the taker. Returns what our orders got of it, by id. */
  trade(ticks: number, steps: number, side: number): [id: number, steps: number][] {
    const before = this.fills.length;
    this.venue.present.nowMs += 1;
    this.venue.point.set(ticks, 1);
    this.venue.matchTrade(steps, side, this.#traded);
    this.#traded += steps;
    return this.fills.slice(before).map(({ id, steps: filled }) => [id, filled]);
  }

  buy(id: number, ticks: number, steps: number): void {
    this.venue.place(id, KIND_LIMIT, 1, ticks, steps, false, false);
  }

  aheadOf(id: number): number {
    return this.venue.book.ahead[this.venue.book.find(id)] ?? NaN;
  }
}

describe('the queue at a price', () => {
  it('R-QUE-2 works off what stands ahead, then fills by what is traded', () => {
    const exchange = new TradedVenue();
    exchange.buy(1, 9_990, 50);
    // 100 ahead: 60 leave 40; of the next 70, 40 are theirs and 30 ours; the last 20 fill the rest.
    expect(exchange.trade(9_990, 60, -1)).toEqual([]);
    expect(exchange.aheadOf(1)).toBe(40);
    expect(exchange.trade(9_990, 70, -1)).toEqual([[1, 30]]);
    expect(exchange.trade(9_990, 500, -1)).toEqual([[1, 20]]);
    expect(exchange.fills.every(({ ticks, maker }) => ticks === 9_990 && maker)).toBe(true);
  });

  it('R-QUE-2 leaves the queue of a buy alone when the taker bought at its price', () => {
    const exchange = new TradedVenue();
    exchange.buy(1, 9_990, 50);
    exchange.trade(9_990, 1_000, 1);
    expect(exchange.aheadOf(1)).toBe(100);
  });

  it('R-QUE-2 gives two orders of ours at a price one trade once, the older first', () => {
    const exchange = new TradedVenue();
    exchange.buy(1, 9_990, 50);
    exchange.trade(9_990, 30, -1);
    exchange.buy(2, 9_990, 50);
    // 70 stand before the first; its 50 and 100 of others before the second: 150 and 50 of 200.
    expect(exchange.trade(9_990, 190, -1)).toEqual([
      [1, 50],
      [2, 40],
    ]);
  });

  it('R-QUE-3 fills what the price trades through, whatever stood ahead and whoever took', () => {
    const exchange = new TradedVenue({ type: 'never' });
    exchange.buy(1, 9_990, 50);
    exchange.trade(9_990, 1_000_000, -1);
    expect(exchange.fills).toEqual([]);
    expect(exchange.trade(9_989, 1, 1)).toEqual([[1, 50]]);
  });

  it('R-QUE-4 takes its share of a trade at most, and passes on what is no whole step', () => {
    // 3 % of 50 is 1.5 steps: 1, 2, 1, 2 of trades that follow each other.
    const exchange = new TradedVenue({ type: 'quantity', qty: 0 }, { participation: 0.03 });
    exchange.venue.openCandle(1_000_000);
    exchange.buy(1, 9_990, 1_000);
    // The trade of one step that opened the market has left 0.03.
    const got = [1, 2, 3, 4].map(() => exchange.trade(9_990, 50, -1)[0]?.[1]);
    expect(got).toEqual([1, 2, 1, 2]);
  });

  it('R-QUE-5 loses the place with a new price or more quantity, and keeps it with less', () => {
    const exchange = new TradedVenue();
    exchange.buy(1, 9_990, 50);
    exchange.trade(9_990, 60, -1);
    exchange.venue.amend(1, 9_990, 20);
    expect(exchange.aheadOf(1)).toBe(40);
    exchange.venue.amend(1, 9_990, 30);
    expect(exchange.aheadOf(1)).toBe(100);
    exchange.trade(9_990, 60, -1);
    exchange.venue.amend(1, 9_980, 30);
    expect(exchange.aheadOf(1)).toBe(100);
  });

  it('R-QUE-1 assumes what was traded in a time, at least at the rate of the hour', () => {
    const trades = [
      { ms: 0, ticks: 10_000, size: 3_600, side: 1 },
      { ms: 100_000, ticks: 10_000, size: 40, side: -1 },
    ];
    const queue = new AssumedQueue(makeTrades(trades), { type: 'traded', seconds: 10 }, 0.001);
    // 3,600 within ten seconds; later 40 within them; then 3,640 an hour are 10.1 in ten seconds.
    expect(queue.stepsAt(9_999)).toBe(3_600);
    expect(queue.stepsAt(100_000)).toBe(40);
    expect(queue.stepsAt(200_000)).toBe(11);
    expect(new AssumedQueue(makeTrades([]), { type: 'quantity', qty: 0.3 }, 0.1).stepsAt(1)).toBe(
      3,
    );
  });

  it('R-QUE-1 never stands before an order of ours that came earlier', () => {
    const trades = [{ ms: 0, ticks: 10_000, size: 500, side: 1 }];
    const exchange = new TradedVenue({ type: 'traded', seconds: 1 }, {}, trades);
    exchange.buy(1, 9_990, 10);
    exchange.venue.present.nowMs = 5_000;
    exchange.buy(2, 9_990, 10);
    expect([exchange.aheadOf(1), exchange.aheadOf(2)]).toEqual([500, 500]);
  });

  it('R-TRD-2 a stop that one trade reaches takes at the price of that trade', () => {
    const exchange = new TradedVenue();
    exchange.venue.place(1, KIND_STOP_MARKET, 1, 10_010, 5, false, false);
    exchange.trade(10_012, 1, 1);
    expect(exchange.fills).toEqual([{ id: 1, ticks: 10_013, steps: 5, maker: false }]);
  });

  it('R-QUE-2 R-QUE-4 never gives more than was traded, nor more than the share', () => {
    const orders = fc.array(
      fc.record({
        ticks: fc.integer({ min: 9_990, max: 9_994 }),
        steps: fc.integer({ min: 1, max: 90 }),
      }),
      { minLength: 1, maxLength: 6 },
    );
    const trades = fc.array(
      fc.record({
        ticks: fc.integer({ min: 9_988, max: 9_996 }),
        steps: fc.integer({ min: 1, max: 120 }),
        side: fc.constantFrom(1, -1),
      }),
      { minLength: 1, maxLength: 40 },
    );
    let fills = 0;
    fc.assert(
      fc.property(
        orders,
        trades,
        fc.nat(150),
        fc.constantFrom(undefined, 0.1),
        (own, all, ahead, participation) => {
          const exchange = new TradedVenue(
            { type: 'quantity', qty: ahead / 1_000 },
            { participation },
          );
          exchange.venue.openCandle(1_000_000_000);
          own.forEach(({ ticks, steps }, i) => exchange.buy(i + 1, ticks, steps));
          const aheadAtFirst = own.map((_, i) => exchange.aheadOf(i + 1));
          let [shared, at] = [0.1, own.map(() => 0)];
          for (const { ticks, steps, side } of all) {
            const got = exchange.trade(ticks, steps, side);
            const queued = got.filter(([id]) => own[id - 1]?.ticks === ticks);
            const sum = (rows: typeof got): number =>
              rows.reduce((total, [, each]) => total + each, 0);
            expect(sum(queued)).toBeLessThanOrEqual(side < 0 ? steps : 0);
            shared += steps * 0.1;
            if (participation !== undefined) {
              expect(
                sum(exchange.fills.map(({ id, steps: each }) => [id, each])),
              ).toBeLessThanOrEqual(shared + 1e-9);
            }
            at = at.map((before, i) => before + (side < 0 && own[i]?.ticks === ticks ? steps : 0));
            // Whoever filled at its price had all of its queue traded before it.
            for (const [id] of queued)
              expect(at[id - 1]).toBeGreaterThan(aheadAtFirst[id - 1] ?? NaN);
            fills += got.length;
          }
          own.forEach(({ steps }, i) => {
            const got = exchange.fills.filter(({ id }) => id === i + 1);
            expect(got.reduce((total, fill) => total + fill.steps, 0)).toBeLessThanOrEqual(steps);
          });
        },
      ),
      { numRuns: 300 },
    );
    expect(fills).toBeGreaterThan(300);
  });
});
