import fc from 'fast-check';
import { expect, it } from 'vitest';
import { CandleOrder } from '../../src/brokers/candle-order.ts';

const MINUTE = 60_000;
const CANDLES = 12;
const NOW_MS = 1_000 * MINUTE;

type Candle = { readonly openTimeMs: number };
const candle = (at: number): Candle => ({ openTimeMs: at * MINUTE });

it('takes every candle that either source has shown, once and in order', () => {
  const at = fc.integer({ min: 0, max: CANDLES - 1 });
  const step = fc.oneof(
    fc.record({ from: fc.constant('stream'), at }),
    fc.record({ from: fc.constant('list'), without: fc.uniqueArray(at) }),
  );
  const property = fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
    const taken: number[] = [];
    const order = new CandleOrder<Candle>(0, MINUTE, ({ openTimeMs }) =>
      taken.push(openTimeMs / MINUTE),
    );
    const shown = new Set<number>();
    let passedOver = 0;
    for (const one of steps) {
      const next = order.nextOpenMs / MINUTE;
      if ('at' in one) {
        if (one.at >= next) shown.add(one.at);
        order.closed(candle(one.at));
      } else {
        const listed = Array.from({ length: CANDLES }, (_, i) => i).filter(
          (i) => i >= next && !one.without.includes(i),
        );
        for (const i of listed) shown.add(i);
        order.listed(listed.map(candle), (CANDLES - 1) * MINUTE, NOW_MS);
        passedOver = Math.max(passedOver, order.nextOpenMs / MINUTE);
      }
      const due = [...shown].filter((i) => i * MINUTE < order.nextOpenMs).sort((a, b) => a - b);
      expect(taken).toEqual(due);
      // A candle is waited for unless a list of later ones did not have it.
      for (let i = 0; i < order.nextOpenMs / MINUTE; i += 1)
        if (!shown.has(i)) expect(i).toBeLessThan(passedOver);
    }
  });
  fc.assert(property, { numRuns: 500 });
});

it('does not believe a list that may have been made before its newest candle closed', () => {
  const taken: number[] = [];
  const order = new CandleOrder<Candle>(0, MINUTE, ({ openTimeMs }) =>
    taken.push(openTimeMs / MINUTE),
  );
  const listed = (count: number, venueMs: number): unknown =>
    order.listed(
      Array.from({ length: count }, (_, i) => candle(i)),
      999 * MINUTE,
      venueMs,
    );
  listed(1, MINUTE + 59_999);
  expect(taken).toEqual([]);
  listed(2, MINUTE + 1_999);
  expect(taken).toEqual([]);
  listed(2, MINUTE + 2_000);
  expect(taken).toEqual([0]);
  listed(2, 3 * MINUTE);
  expect(taken).toEqual([0, 1]);
});
