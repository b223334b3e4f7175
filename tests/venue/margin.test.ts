import { describe, expect, it } from 'vitest';
import { bankruptcyFeeRate, bankruptcyTicks, liquidationTicks } from '../../src/venue/margin.ts';

const terms = (inverse: boolean) => ({ inverse, leverage: 10, maintenanceMarginRate: 0.005 });

describe('isolated margin at 50,000 and 10x', () => {
  it('liquidates where Bybit publishes it', () => {
    expect(liquidationTicks(terms(false), true, 50_000)).toBeCloseTo(45_226.13065326633, 8);
    expect(liquidationTicks(terms(false), false, 50_000)).toBeCloseTo(54_726.368159203994, 8);
    expect(liquidationTicks(terms(true), true, 50_000)).toBeCloseTo(45_681.81818181818, 8);
    expect(liquidationTicks(terms(true), false, 50_000)).toBeCloseTo(55_277.777777777774, 8);
  });

  it('loses exactly the initial margin at the bankruptcy price', () => {
    const linearLong = bankruptcyTicks(terms(false), true, 50_000);
    expect(50_000 - linearLong).toBeCloseTo(50_000 / 10, 8);
    const inverseLong = bankruptcyTicks(terms(true), true, 50_000);
    expect(1 / inverseLong - 1 / 50_000).toBeCloseTo(1 / 50_000 / 10, 12);
    const inverseShort = bankruptcyTicks(terms(true), false, 50_000);
    expect(1 / 50_000 - 1 / inverseShort).toBeCloseTo(1 / 50_000 / 10, 12);
  });

  it('charges the close at bankruptcy as Bybit does', () => {
    expect(50_000 * bankruptcyFeeRate(terms(false), true, 0.00055)).toBeCloseTo(24.75, 8);
    expect((10_000 / 50_000) * bankruptcyFeeRate(terms(true), true, 0.00055)).toBeCloseTo(
      0.000121,
      12,
    );
  });
});
