import { Decimal } from 'decimal.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCandleCsv } from '../../src/feeds/csv-candles.ts';
import { inputOf } from '../../src/feeds/input-file.ts';
import { HEADER, MINUTE, START } from './helpers.ts';

Decimal.set({ precision: 60 });

const tickSizes = fc.constantFrom('0.10', '0.5', '0.25', '0.01', '1', '5', '0.00000001', '0.003');

/** A decimal in any of the ways people write one. */
const written = fc
  .tuple(
    fc.oneof(fc.bigInt({ min: 1n, max: 99_999n }), fc.bigInt({ min: 1n, max: 10n ** 17n })),
    fc.integer({ min: 0, max: 20 }),
    fc.constantFrom('plain', 'quoted', 'exponent', 'zeros', 'plus'),
  )
  .map(([digits, fraction, form]) => {
    const text = digits.toString().padStart(fraction + 1, '0');
    const split = text.length - fraction;
    const plain = fraction === 0 ? text : `${text.slice(0, split)}.${text.slice(split)}`;
    if (form === 'quoted') return { plain, cell: `"${plain}"` };
    if (form === 'exponent') return { plain, cell: `${digits}e-${fraction}` };
    if (form === 'zeros') return { plain, cell: `00${plain}${fraction > 0 ? '00' : ''}` };
    return { plain, cell: form === 'plus' ? `+${plain}` : plain };
  });

function read(cell: string, tickSize: string, roundToTick: boolean): number | string {
  const bytes = Buffer.from(`${HEADER}\n${START},${cell},${cell},${cell},${cell},1\n`);
  try {
    const { rows } = readCandleCsv(inputOf('x.csv', bytes, bytes), {
      tickSize,
      intervalMs: MINUTE,
      roundToTick,
      withVolume: true,
    });
    return rows.open[0] ?? NaN;
  } catch (error) {
    return String(error);
  }
}

describe('prices to ticks', () => {
  it('agree with decimal.js, digit for digit, and refuse what is off the tick', () => {
    let accepted = 0;
    fc.assert(
      fc.property(written, tickSizes, ({ plain, cell }, tickSize) => {
        const exact = new Decimal(plain).div(tickSize);
        const got = read(cell, tickSize, false);
        const fits = exact.isInteger() && exact.gte(1) && exact.lte(2 ** 31 - 1);
        if (fits) accepted += 1;
        expect(fits ? got : typeof got).toBe(fits ? exact.toNumber() : 'string');
      }),
      { numRuns: 3000, seed: 11 },
    );
    expect(accepted).toBeGreaterThan(100);
  });

  it('round half up when told to', () => {
    let accepted = 0;
    fc.assert(
      fc.property(written, tickSizes, ({ plain, cell }, tickSize) => {
        const rounded = new Decimal(plain).div(tickSize).toDecimalPlaces(0, Decimal.ROUND_HALF_UP);
        const fits = rounded.gte(1) && rounded.lte(2 ** 31 - 1);
        if (fits) accepted += 1;
        expect(fits ? read(cell, tickSize, true) : typeof read(cell, tickSize, true)).toBe(
          fits ? rounded.toNumber() : 'string',
        );
      }),
      { numRuns: 3000, seed: 12 },
    );
    expect(accepted).toBeGreaterThan(300);
  });

  it.each([
    ['100.05', 1001],
    ['100.04', 1000],
    ['100.149999999999999999', 1001],
  ])('rounds %s to %i ticks of 0.10', (cell, expected) => {
    expect(read(cell, '0.10', true)).toBe(expected);
  });

  it('volume is the nearest double of the cell', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e15, noNaN: true }), (volume) => {
        const bytes = Buffer.from(`${HEADER}\n${START},1,1,1,1,${volume}\n`);
        const { rows } = readCandleCsv(inputOf('x.csv', bytes, bytes), {
          tickSize: '1',
          intervalMs: MINUTE,
          roundToTick: false,
          withVolume: true,
        });
        expect(rows.volume[0]).toBe(volume);
      }),
      { numRuns: 1000, seed: 13 },
    );
  });
});
