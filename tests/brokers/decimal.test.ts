import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exactDecimal, roundedDecimal, wholeNumber } from '../../src/brokers/bybit/wire/decimal.ts';
import { formatUnits, toUnits } from '../../src/engine/rational.ts';

const digits = fc.integer({ min: 0, max: 12 });

describe('exact decimals', () => {
  it('come back as the count they were written from', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), digits, (units, places) => {
        fc.pre(Math.abs(units) < 9e15);
        expect(exactDecimal(formatUnits(units, places), places)).toBe(units === 0 ? 0 : units);
      }),
    );
  });

  it('agree with exact fractions on every decimal text', () => {
    const text = fc.stringMatching(/^-?\d{1,9}(\.\d{0,9})?([eE]-?\d)?$/);
    fc.assert(
      fc.property(text, digits, (decimal, places) => {
        const step = `1e-${places}`;
        const exact = toUnits(decimal, step);
        fc.pre(exact === undefined || Math.abs(exact) < 9e15);
        expect(exactDecimal(decimal, places)).toBe(exact ?? NaN);
      }),
      { numRuns: 500 },
    );
  });

  it('refuses a digit that does not fit, but not a zero', () => {
    expect(exactDecimal('16000.000', 1)).toBe(160_000);
    expect(exactDecimal('16000.001', 1)).toBeNaN();
    expect(exactDecimal('0E-8', 2)).toBe(0);
  });

  it('refuses what is beyond 2^53', () => {
    expect(exactDecimal('9007199254740993', 0)).toBeNaN();
    expect(exactDecimal('90071992547', 8)).toBeNaN();
  });

  it('refuses what is no plain decimal', () => {
    const others = [
      '',
      '-',
      '.',
      '.5',
      '+1',
      ' 1',
      '1 ',
      '1,5',
      '0x10',
      'NaN',
      'Infinity',
      '1.2.3',
    ];
    for (const text of [...others, '--1', '1-', '1e', 'e5', '1e999']) {
      expect([text, exactDecimal(text, 4)]).toEqual([text, NaN]);
    }
  });
});

describe('rounded decimals', () => {
  it('are rounded once, half away from zero', () => {
    expect(roundedDecimal('0.052745055', 8)).toBe(5_274_506);
    expect(roundedDecimal('-0.052745055', 8)).toBe(-5_274_506);
    expect(roundedDecimal('0.0527450549999', 8)).toBe(5_274_505);
    expect(roundedDecimal('0.000000005', 8)).toBe(1);
    expect(roundedDecimal('-0.000000004', 8)).toBe(0);
  });
});

describe('whole numbers in strings', () => {
  it('are digits and nothing else', () => {
    expect(wholeNumber('1746270400353')).toBe(1_746_270_400_353);
    for (const text of ['-1', '1.0', '1e3', '', 'x', '12345678901234567']) {
      expect([text, wholeNumber(text)]).toEqual([text, NaN]);
    }
  });
});
