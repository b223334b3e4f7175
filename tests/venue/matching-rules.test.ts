import { describe, expect, it } from 'vitest';
import {
  END_CANCELLED_BY_USER,
  END_FILLED,
  END_REDUCE_ONLY,
  KIND_LIMIT,
  KIND_MARKET,
  KIND_STOP_MARKET,
  RET_DUPLICATE_LINK_ID,
  RET_INSUFFICIENT_MARGIN,
  RET_NOTIONAL_TOO_SMALL,
  RET_OK,
  RET_ORDER_GONE,
  RET_PARAMETER,
  RET_QTY_BELOW_FILLED,
  RET_REDUCE_ONLY,
  RET_TOO_MANY_ACTIVE,
  RET_TOO_MANY_CONDITIONAL,
} from '../../src/engine/codes.ts';
import { Instrument } from '../../src/engine/instrument.ts';
import type { InstrumentSpec } from '../../src/engine/instrument.ts';
import { TakerTerms } from '../../src/market/exact.ts';
import { Venue } from '../../src/venue/venue.ts';
import type { VenueTerms } from '../../src/venue/venue-terms.ts';
import { PLAIN } from '../fixtures/simulations.ts';

const NO_FUNDING = {
  count: 0,
  timeMs: new Float64Array(0),
  longCost: new Float64Array(1),
  shortCost: new Float64Array(1),
};

type Booked = { orderId: number; side: number; ticks: number; steps: number; maker: boolean };
type Ended = { orderId: number; end: number; filled: number };

/** A venue whose price stands where it is told to. */
class Exchange {
  readonly fills: Booked[] = [];
  readonly ends: Ended[] = [];
  readonly venue: Venue;

  constructor(terms: Partial<VenueTerms> = {}, spec: InstrumentSpec = PLAIN) {
    const all: VenueTerms = {
      taker: new TakerTerms(0.5, 0),
      throughTicks: 1,
      participation: undefined,
      margin: { inverse: false, leverage: 1, maintenanceMarginRate: 0.005 },
      capitalMoney: NaN,
      liquidatesOnMark: true,
      ...terms,
    };
    this.venue = new Venue(new Instrument(spec), all, NO_FUNDING, {
      onExecution: (orderId, _timeMs, side, ticks, steps, maker) =>
        this.fills.push({ orderId, side, ticks, steps, maker }),
      onOrderEnded: (orderId, _timeMs, end, filled) => this.ends.push({ orderId, end, filled }),
      onStopTriggered: () => undefined,
      onLiquidated: () => undefined,
    });
    this.venue.present.marketOpen = true;
    this.price(10_000);
  }

  price(ticks: number): void {
    this.venue.point.set(ticks, 1);
    this.venue.match();
  }

  place(orderId: number, side: number, ticks: number, steps = 10, reduceOnly = false): number {
    return this.venue.place(orderId, KIND_LIMIT, side, ticks, steps, reduceOnly, false);
  }

  market(orderId: number, side: number, steps = 10, reduceOnly = false): number {
    return this.venue.place(orderId, KIND_MARKET, side, 0, steps, reduceOnly, false);
  }
}

describe('matching', () => {
  it('R-MAT-3 fills an order that arrives at its level without being marketable as maker', () => {
    // A touch fills, and half the spread is two ticks: 9,999 is reached at 9,999 yet not marketable.
    const exchange = new Exchange({ throughTicks: 0, taker: new TakerTerms(2, 0) });
    exchange.price(9_999);
    exchange.place(1, 1, 9_999);
    expect(exchange.fills).toEqual([]);
    expect(exchange.venue.present.arrivalReached).toBe(true);
    exchange.venue.match();
    expect(exchange.fills).toEqual([{ orderId: 1, side: 1, ticks: 9_999, steps: 10, maker: true }]);
  });

  it('R-MAT-7 fills buys highest first, then sells lowest first, then by arrival', () => {
    const exchange = new Exchange();
    exchange.place(1, 1, 9_900);
    exchange.place(2, 1, 9_950);
    exchange.place(3, 1, 9_950);
    exchange.price(9_800);
    expect(exchange.fills.map((fill) => fill.orderId)).toEqual([2, 3, 1]);
    exchange.place(4, -1, 9_990);
    exchange.place(5, -1, 9_980);
    exchange.price(10_000);
    expect(exchange.fills.map((fill) => fill.orderId)).toEqual([2, 3, 1, 5, 4]);
  });

  it('R-MAT-7 keeps the rank of an order made smaller, not of one made larger', () => {
    const exchange = new Exchange();
    for (const id of [1, 2, 3]) exchange.place(id, 1, 9_900);
    exchange.venue.amend(1, 9_900, 5);
    exchange.venue.amend(2, 9_900, 20);
    exchange.price(9_800);
    expect(exchange.fills.map((fill) => fill.orderId)).toEqual([1, 3, 2]);
  });

  it('R-MAT-9 refuses reduce-only on a flat account and takes no more than the position', () => {
    const exchange = new Exchange();
    expect(exchange.place(1, -1, 10_100, 10, true)).toBe(RET_REDUCE_ONLY);
    exchange.market(2, 1, 10);
    expect(exchange.place(3, 1, 9_000, 10, true)).toBe(RET_REDUCE_ONLY);
    expect(exchange.market(4, -1, 25, true)).toBe(RET_OK);
    expect(exchange.venue.ledger.positionSteps).toBe(0);
    expect(exchange.ends.at(-1)).toEqual({ orderId: 4, end: END_REDUCE_ONLY, filled: 10 });
  });

  it('R-MAT-9 cancels resting reduce-only limits when the account goes flat', () => {
    const exchange = new Exchange();
    exchange.market(1, 1, 10);
    exchange.place(2, -1, 10_100, 10, true);
    exchange.market(3, -1, 10, true);
    expect(exchange.ends.at(-1)).toEqual({ orderId: 2, end: END_REDUCE_ONLY, filled: 0 });
  });

  it('R-MAT-9 cuts the exit furthest from the market, then the newest, as the position shrinks', () => {
    const exchange = new Exchange();
    const { book } = exchange.venue;
    const left = (): (number | undefined)[] => {
      return [2, 3, 4].map((id) => (book.find(id) < 0 ? undefined : book.leaves(book.find(id))));
    };
    exchange.market(1, 1, 30);
    exchange.place(2, -1, 10_300, 10, true);
    exchange.place(3, -1, 10_100, 10, true);
    exchange.place(4, -1, 10_300, 10, true);
    expect(left()).toEqual([10, 10, 10]);
    exchange.market(5, -1, 4, true);
    expect(left()).toEqual([10, 10, 6]);
    exchange.market(6, -1, 10, true);
    expect(left()).toEqual([6, 10, undefined]);
    expect(exchange.ends.at(-1)).toEqual({ orderId: 4, end: END_REDUCE_ONLY, filled: 0 });
    // What the position regains, an amend may ask for again.
    exchange.market(7, 1, 2);
    expect(exchange.venue.amend(2, 10_300, 10)).toBe(RET_OK);
    expect(left()).toEqual([8, 10, undefined]);
  });

  it('R-MAT-10 refuses changes of what is over, too small an amend, and an id used before', () => {
    const exchange = new Exchange({ participation: 1 });
    exchange.venue.openCandle(4);
    exchange.place(1, 1, 9_900);
    exchange.price(9_800);
    expect(exchange.fills.at(-1)?.steps).toBe(4);
    expect(exchange.venue.amend(1, 9_900, 4)).toBe(RET_QTY_BELOW_FILLED);
    expect(exchange.venue.cancel(1)).toBe(RET_OK);
    expect(exchange.ends).toEqual([{ orderId: 1, end: END_CANCELLED_BY_USER, filled: 4 }]);
    expect(exchange.venue.cancel(1)).toBe(RET_ORDER_GONE);
    expect(exchange.venue.amend(1, 9_950, 10)).toBe(RET_ORDER_GONE);
    expect(exchange.place(1, 1, 9_000)).toBe(RET_DUPLICATE_LINK_ID);
  });

  it('R-MAT-11 lets in 500 active and 10 conditional orders and no more', () => {
    const exchange = new Exchange();
    const stop = (id: number): number =>
      exchange.venue.place(id, KIND_STOP_MARKET, 1, 10_500, 10, false, false);
    for (let id = 1; id <= 500; id += 1) expect(exchange.place(id, 1, 9_000)).toBe(RET_OK);
    expect(exchange.place(501, 1, 9_000)).toBe(RET_TOO_MANY_ACTIVE);
    for (let id = 601; id <= 610; id += 1) expect(stop(id)).toBe(RET_OK);
    expect(stop(611)).toBe(RET_TOO_MANY_CONDITIONAL);
  });

  it('R-MAT-11 refuses quantities and notionals out of bounds', () => {
    const exchange = new Exchange({}, { ...PLAIN, minQty: '0.002', minNotional: '5' });
    expect(exchange.place(1, 1, 10_000, 1)).toBe(RET_PARAMETER);
    expect(exchange.place(2, 1, 10_000, 2_000_000)).toBe(RET_PARAMETER);
    expect(exchange.place(3, 1, 10_000, 2)).toBe(RET_NOTIONAL_TOO_SMALL);
    expect(exchange.place(4, 1, 9_990, 10)).toBe(RET_OK);
  });

  it('R-MAT-12 lets in what the capital covers, resting orders and position counted', () => {
    // 10 steps at 10,000 ticks are 10 USDT; with the fees at 1x a little more than 10 is bound.
    const exchange = new Exchange({ capitalMoney: 21 * 1e8 });
    expect(exchange.place(1, 1, 9_900)).toBe(RET_OK);
    expect(exchange.place(2, 1, 9_900, 12)).toBe(RET_INSUFFICIENT_MARGIN);
    expect(exchange.place(3, 1, 9_900)).toBe(RET_OK);
    expect(exchange.venue.amend(3, 9_900, 12)).toBe(RET_INSUFFICIENT_MARGIN);
    exchange.price(9_800);
    expect(exchange.ends.map(({ end }) => end)).toEqual([END_FILLED, END_FILLED]);
    expect(exchange.place(4, 1, 9_700)).toBe(RET_INSUFFICIENT_MARGIN);
    expect(exchange.place(5, -1, 9_900, 20, true)).toBe(RET_OK);
  });
});
