import { LTTB } from 'downsample';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lttb } from '../../src/report/lttb.ts';
import { bucketRows, curveRows, underwater } from '../../src/report/thin.ts';

const curve = fc
  .array(fc.integer({ min: -10_000, max: 10_000 }), { minLength: 3, maxLength: 400 })
  .map((values) => Float64Array.from(values));
const timesOf = (values: Float64Array): Float64Array => values.map((_, index) => index * 60_000);

describe('lttb', () => {
  it('chooses the points that the downsample package chooses', () => {
    fc.assert(
      fc.property(curve, fc.integer({ min: 3, max: 100 }), (values, size) => {
        fc.pre(size < values.length);
        const times = timesOf(values);
        const points = [...values].map((y, index): [number, number] => [times[index] ?? 0, y]);
        const expected = Array.from(
          LTTB(points, size) as ArrayLike<[number, number]>,
          ([time]) => time / 60_000,
        );
        expect([...lttb(times, values, size)]).toEqual(expected);
      }),
    );
  });

  it('keeps both ends, rises strictly and has the size asked for', () => {
    fc.assert(
      fc.property(curve, fc.integer({ min: 3, max: 500 }), (values, size) => {
        const rows = lttb(timesOf(values), values, size);
        expect(rows.length).toBe(Math.min(size, values.length));
        expect([rows[0], rows.at(-1)]).toEqual([0, values.length - 1]);
        expect(rows.every((row, index) => index === 0 || row > (rows[index - 1] ?? row))).toBe(
          true,
        );
      }),
    );
  });
});

describe('thinned curves', () => {
  it('never draw a high, a low or a drawdown smaller than it was', () => {
    fc.assert(
      fc.property(curve, (values) => {
        const depth = underwater(values);
        for (const [column, rows] of [
          [values, curveRows(timesOf(values), [values], 20)],
          [depth, bucketRows(depth, 10)],
        ] as const) {
          const shown = [...rows].map((row) => column[row] ?? NaN);
          expect(Math.max(...shown)).toBe(Math.max(...column));
          expect(Math.min(...shown)).toBe(Math.min(...column));
        }
      }),
    );
  });

  it('measures drawdown from the highest profit so far, starting at zero', () => {
    expect([...underwater(Float64Array.of(-3, 2, 5, 1, 6))]).toEqual([-3, 0, 0, -4, 0]);
  });
});
