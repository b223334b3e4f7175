import fc from 'fast-check';
import vm from 'node:vm';
import { describe, expect, it } from 'vitest';
import { DECODE_SCRIPT } from '../../src/report/browser/decode.ts';
import { VarintWriter, packFloat24, packFloat32, packUint24 } from '../../src/report/pack.ts';
import { sweepColumns } from '../../src/report/sweep-columns.ts';
import { METRICS } from './metric-fixture.ts';

/** The page's own decoder, run here. */
const page = vm.createContext({ atob, Uint8Array, Uint16Array, Uint32Array, Float32Array });
vm.runInContext(DECODE_SCRIPT, page);
const decode = (name: string, packed: unknown): number[] =>
  vm.runInContext(`Array.from(${name}(${JSON.stringify(packed)}))`, page) as number[];

const reals = fc.array(
  fc.oneof(fc.float({ noDefaultInfinity: true }), fc.constant(0), fc.constant(NaN)),
);

describe('packed columns', () => {
  it('bring whole numbers back exactly', () => {
    fc.assert(
      fc.property(fc.array(fc.maxSafeInteger().map((value) => Math.trunc(value / 8))), (values) => {
        const writer = new VarintWriter();
        values.forEach((value) => writer.push(value));
        const text = `(function(next){return Array.from({length:${values.length}},next)})(varints("${writer.base64()}"))`;
        expect([...(vm.runInContext(text, page) as number[])].map((value) => value + 0)).toEqual(
          values.map((value) => value + 0),
        );
      }),
    );
  });

  it('bring float32 back exactly and float24 to five digits', () => {
    fc.assert(
      fc.property(reals, (values) => {
        expect([...decode('float32s', packFloat32(values))]).toEqual(values);
        decode('float24s', packFloat24(values)).forEach((value, index) => {
          const wanted = values[index] ?? NaN;
          if (Number.isNaN(wanted)) expect(value).toBeNaN();
          else if (Math.abs(wanted) > 1e-37 && Math.abs(wanted) < 3e38) {
            expect(Math.abs(value / wanted - 1)).toBeLessThan(1.6e-5);
          }
        });
      }),
    );
  });

  it('bring ids back', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 2 ** 24 - 1 })), (ids) => {
        expect(decode('uint24s', packUint24(ids))).toEqual(ids);
      }),
    );
  });
});

describe('sweep columns', () => {
  const points = (count: number) => ({
    count,
    params: {
      a: Array.from({ length: count }, (_, id) => id % 7),
      b: Array.from({ length: count }, (_, id) => Math.sqrt(id)),
    },
    columns: Object.fromEntries(
      METRICS.map(({ name }, at) => [
        name,
        Float64Array.from({ length: count }, (_, id) => (name === 'capital' ? 100 : id * (at + 1))),
      ]),
    ),
    plateauScore: Float64Array.from({ length: count }, (_, id) => id),
  });
  const pack = (count: number) =>
    sweepColumns(points(count), METRICS, 'trades', { settle: 'USDT', quote: 'USDT', qty: 'BTC' });

  it('start with the metric that ranks, and write a constant once', () => {
    const { metrics, digits, aggregate } = pack(50);
    expect(metrics[0]?.name).toBe('trades');
    expect(metrics.find(({ name }) => name === 'capital')?.constant).toBe(100);
    expect([digits, aggregate]).toEqual([7, undefined]);
  });

  it('lose digits before they are gathered, and never a metric', () => {
    expect(pack(88_000)).toMatchObject({ digits: 5, paramDigits: 'exact' });
    expect(pack(88_000).aggregate).toBeUndefined();
    const crowded = pack(400_000);
    expect(crowded.metrics.length).toBe(METRICS.length);
    expect(crowded.aggregate?.axes.map(({ labels }) => labels.length)).toEqual([7, 24]);
    expect(crowded.metrics.every(({ float24 }) => float24 === undefined)).toBe(true);
  });
});
