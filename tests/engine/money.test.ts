import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Instrument } from '../../src/engine/instrument.ts';
import { Ledger } from '../../src/engine/ledger.ts';
import { formatUnits, mulDivRound, parseDecimal, toUnits } from '../../src/engine/rational.ts';
import { BTCUSD, BTCUSDT } from '../fixtures/instruments.ts';

const inverse = new Instrument(BTCUSD);
const linear = new Instrument(BTCUSDT);
const units = (text: string, instrument: Instrument): number =>
  Math.round(Number(text) * instrument.moneyPerUnit);

describe('mulDivRound', () => {
  it('R-MON-1 rounds a x b / c half away from zero, exactly', () => {
    const whole = fc.integer({ min: -(2 ** 45), max: 2 ** 45 });
    const positive = fc.integer({ min: 1, max: 2 ** 31 });
    fc.assert(
      fc.property(whole, fc.integer({ min: -(2 ** 30), max: 2 ** 30 }), positive, (a, b, c) => {
        const product = BigInt(a) * BigInt(b);
        const size = product < 0n ? -product : product;
        const rounded = (2n * size + BigInt(c)) / (2n * BigInt(c));
        fc.pre(rounded < BigInt(Number.MAX_SAFE_INTEGER));
        expect(BigInt(mulDivRound(a, b, c))).toBe(product < 0n ? -rounded : rounded);
      }),
    );
  });

  it('decides next to a half as integers do', () => {
    const half = fc.record({
      whole: fc.integer({ min: 0, max: 2 ** 40 }),
      by: fc.integer({ min: 1, max: 500 }),
      beside: fc.constantFrom(-1, 0, 1),
    });
    fc.assert(
      fc.property(half, ({ whole, by, beside }) => {
        const product = (2 * whole + 1) * by + beside;
        expect(mulDivRound(1, product, 2 * by)).toBe(beside < 0 ? whole : whole + 1);
      }),
    );
  });

  it('refuses what 2^53 cannot hold', () => {
    expect(() => mulDivRound(2 ** 52, 2 ** 20, 3)).toThrow(/overflow/);
  });
});

describe('decimals', () => {
  it('come back as they were written', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.integer({ min: 0, max: 12 }), (count, digits) => {
        const text = formatUnits(count, digits);
        const step = digits === 0 ? '1' : `0.${'0'.repeat(digits - 1)}1`;
        expect(toUnits(text, step)).toBe(count === 0 ? 0 : count);
      }),
    );
  });

  it('are refused when they are not decimals', () => {
    for (const text of ['', 'abc', '1.2.3', '0x10', 'NaN', 'Infinity', '1,5', '--1']) {
      expect(() => parseDecimal(text), text).toThrow(/not a decimal/);
    }
  });

  it('off the tick are no whole count', () => {
    expect(toUnits('65432.17', '0.10')).toBeUndefined();
    expect(toUnits('65432.1', '0.10')).toBe(654321);
  });
});

describe('economics of Bybit contracts', () => {
  it('charges fees on the value of the fill', () => {
    expect(linear.fee(500, 959001, false)).toBe(2_637_252_750);
    expect(inverse.fee(10_000, 500_000, false)).toBe(units('0.00011', inverse));
    expect(inverse.fee(1, 500_000, true)).toBe(units('0.000000004', inverse));
  });

  it('pays linear and inverse profits in their own coin', () => {
    const profit = (instrument: Instrument, side: number, steps: number): number => {
      const ledger = new Ledger(instrument);
      ledger.fill(side, steps, 500_000, 0);
      ledger.fill(-side, steps, 510_000, 0);
      return ledger.realised;
    };
    expect(profit(linear, 1, 1_000)).toBe(units('1000', linear));
    expect(profit(inverse, 1, 10_000)).toBe(3_921_568_627);
    expect(profit(inverse, -1, 10_000)).toBe(-3_921_568_627);
  });

  it('averages an inverse entry harmonically', () => {
    const ledger = new Ledger(inverse);
    ledger.fill(1, 1_000, 50_000, 0);
    ledger.fill(1, 2_000, 60_000, 0);
    expect(ledger.averageEntryTicks()).toBeCloseTo(56_250, 3);
  });

  it('marks an inverse short as the documented sample does', () => {
    const ledger = new Ledger(inverse);
    ledger.fill(-1, 300, 274_645, 0);
    expect(inverse.moneyToNumber(ledger.unrealised(282_245))).toBeCloseTo(-0.000294, 6);
  });
});

const fillOf = fc.record({
  side: fc.constantFrom(1, -1),
  steps: fc.integer({ min: 1, max: 5_000 }),
  ticks: fc.integer({ min: 100_000, max: 1_200_000 }),
});

describe.each([
  ['linear', linear],
  ['inverse', inverse],
] as const)('ledger, %s', (_, instrument) => {
  it('R-MON-2 keeps cash identity: realised + unrealised = what all fills are worth at the mark', () => {
    fc.assert(
      fc.property(
        fc.array(fillOf, { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 100_000, max: 1_200_000 }),
        (fills, mark) => {
          const ledger = new Ledger(instrument);
          let exact = 0;
          const sign = instrument.inverse ? 1 : -1;
          for (const fill of fills) {
            ledger.fill(fill.side, fill.steps, fill.ticks, 0);
            exact += sign * fill.side * fill.steps * instrument.valuePerStep(fill.ticks);
          }
          exact -= sign * ledger.positionSteps * instrument.valuePerStep(mark);
          // Each fill rounds its value once, and a close its share of the entry value once more.
          expect(Math.abs(ledger.realised + ledger.unrealised(mark) - exact)).toBeLessThan(
            fills.length * 1.5 + 1,
          );
        },
      ),
    );
  });

  it('is flat with no entry value left once everything is closed', () => {
    fc.assert(
      fc.property(fc.array(fillOf, { minLength: 1, maxLength: 40 }), (fills) => {
        const ledger = new Ledger(instrument);
        for (const fill of fills) ledger.fill(fill.side, fill.steps, fill.ticks, 1);
        const open = ledger.positionSteps;
        if (open !== 0) ledger.fill(open > 0 ? -1 : 1, Math.abs(open), 500_000, 1);
        expect(ledger.positionSteps).toBe(0);
        expect(ledger.entryValue).toBe(0);
        expect(ledger.fees).toBe(fills.length + (open === 0 ? 0 : 1));
      }),
    );
  });

  it('gives one step and a million steps the same result per step', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 300_000, max: 900_000 }),
        fc.integer({ min: 300_000, max: 900_000 }),
        (enter, leave) => {
          const result = (steps: number): number => {
            const ledger = new Ledger(instrument);
            ledger.fill(1, steps, enter, instrument.fee(steps, enter, true));
            ledger.fill(-1, steps, leave, instrument.fee(steps, leave, false));
            return ledger.cash() / steps;
          };
          expect(Math.abs(result(1) - result(1_000_000))).toBeLessThanOrEqual(2);
        },
      ),
    );
  });
});
