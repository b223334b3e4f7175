import fc from 'fast-check';
import vm from 'node:vm';
import { describe, expect, it } from 'vitest';
import { DECODE_SCRIPT } from '../../src/report/browser/decode.ts';
import { SWEEP_CELLS_SCRIPT } from '../../src/report/browser/sweep-cells.ts';
import { SWEEP_MODEL_SCRIPT } from '../../src/report/browser/sweep-model.ts';
import { SweepAggregator } from '../../src/report/sweep-aggregate.ts';
import { cellMap, countBins, metricCells } from '../../src/report/sweep-cells.ts';
import { orderByValue } from '../../src/report/value-order.ts';
import { uniformAt } from '../../src/sweep/statistics/counter-random.ts';

const value = fc.oneof(
  fc.double({ min: -1e6, max: 1e6 }), fc.integer({ min: -3, max: 3 }),
  fc.constantFrom(NaN, -0, 0, Infinity, -Infinity, 5e-324, -1e308));

describe('values in order', () => {
  it('stand as a sort by value and then by place would have them, either way', () => {
    fc.assert(fc.property(fc.array(value, { maxLength: 300 }), fc.boolean(), (list, largestFirst) => {
      const sign = largestFirst ? -1 : 1;
      const known = list.map((_, at) => at).filter((at) => !Number.isNaN(list[at]));
      known.sort((a, b) => {
        const [first, second] = [list[a] ?? 0, list[b] ?? 0];
        return first === second ? a - b : sign * (first < second ? -1 : 1);
      });
      expect([...orderByValue(Float64Array.from(list), largestFirst)]).toEqual(known);
    }));
  });
});

/** How a page that holds every point picks: its own code, run here. */
const page = vm.createContext({ formatMetric: () => '' });
vm.runInContext(DECODE_SCRIPT + SWEEP_MODEL_SCRIPT + SWEEP_CELLS_SCRIPT, page);
type Picked = { value: number | null; id: number };
const pick = vm.runInContext('pick', page) as (metric: object, ids: number[], how: string) => Picked;

describe('cells made beforehand', () => {
  const cases = fc.record({
    rows: fc.array(fc.tuple(fc.nat({ max: 5 }), value), { minLength: 1, maxLength: 200 }),
    better: fc.constantFrom('higher' as const, 'lower' as const),
  });

  it('show what a page with every point shows: best, median, mean and worst, and whose they are', () => {
    fc.assert(fc.property(cases, ({ rows, better }) => {
      const column = Float64Array.from(rows, ([, own]) => own);
      const map = cellMap(Uint32Array.from(rows, ([cell]) => cell), 6);
      const order = orderByValue(column, better === 'higher').filter((id) => Number.isFinite(column[id]));
      const made = metricCells(map, column, order);
      expect(map.points.reduce((sum, n) => sum + n, 0)).toBe(rows.length);
      for (let cell = 0; cell < 6; cell += 1) {
        const ids = rows.flatMap(([own], id) => (own === cell ? [id] : []));
        expect(map.points[cell]).toBe(ids.length);
        if (ids.length === 0) continue;
        for (const how of ['best', 'median', 'worst', 'mean'] as const) {
          const told = pick({ column, better }, ids, how);
          const own = made[how][cell] ?? NaN;
          expect(Number.isNaN(own) ? null : own + 0).toEqual(told.value === null ? null : told.value + 0);
          const id = how === 'mean' ? made.bestId[cell] : made[`${how}Id`][cell];
          expect(id).toBe(told.id);
        }
      }
    }), { numRuns: 300 });
  });

  it('count every known point once in a distribution', () => {
    fc.assert(fc.property(fc.array(value), (list) => {
      const column = Float64Array.from(list);
      const order = orderByValue(column).filter((id) => Number.isFinite(column[id]));
      const { counts } = countBins(column, order, 48);
      expect(counts.reduce((sum, n) => sum + n, 0)).toBe(order.length);
    }));
  });
});

describe('a large sweep', () => {
  const count = 60_000;
  const numbers = (from: number): Float64Array =>
    Float64Array.from({ length: count }, (_, id) => uniformAt(from, id));
  const score = numbers(4).map((each) => (each < 0.2 ? NaN : each));
  const params = (axes: number) => Object.fromEntries(
    Array.from({ length: axes }, (_, axis) => [`p${axis}`, [...numbers(axis)]]));
  const made = (axes: number) => new SweepAggregator(
    { count, params: params(axes), columns: {}, plateauScore: score }, 48,
    { better: 'higher', column: score }, [17, 18]);
  const sumOf = (packed: string): number => {
    const bytes = Buffer.from(packed, 'base64');
    let sum = 0;
    for (let at = 0; at < bytes.length; at += 3) sum += bytes.readUIntLE(at, 3);
    return sum;
  };

  it('has every point once in each map and each curve, and the listed ones in full', () => {
    const { axes, pairs, fullIds, fullParams } = made(3).describe();
    expect(pairs).toHaveLength(3);
    for (const { points } of [...axes, ...pairs]) expect(sumOf(points)).toBe(count);
    const bytes = Buffer.from(fullIds, 'base64');
    const ids = Array.from({ length: bytes.length / 3 }, (_, at) => bytes.readUIntLE(3 * at, 3));
    expect(ids.slice(0, 2)).toEqual([17, 18]);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBeGreaterThan(2_000);
    expect(ids.length).toBeLessThan(2_600);
    expect(fullParams['p1']).toEqual(ids.map((id) => uniformAt(1, id)));
  });

  it('keeps to its size with many parameters, by coarser cells', () => {
    const cells = made(10).describe().axes.map(({ labels }) => labels.length);
    expect(cells).toEqual(Array.from({ length: 10 }, () => 8));
  });
});
