import { describe, expect, it } from 'vitest';
import { runNullTest } from '../../src/sweep/null-test.ts';

const rows = runNullTest({
  tapes: 12,
  daysPerTape: 12,
  seed: 1,
  intervals: ['5m', '1h'],
  multiplier: 0.15,
  takeProfit: 0.15,
});

describe('null test, small', () => {
  it.each(rows.filter((row) => row.path === 'direction' || row.path === 'adverse'))(
    '$path on $interval candles invents no more than two standard errors',
    (row) => {
      expect(row.t).toBeLessThanOrEqual(2);
    },
  );

  it('sees what high-first and low-first invent, so that it could fail', () => {
    for (const path of ['high-first', 'low-first']) {
      const row = rows.find((each) => each.path === path && each.interval === '5m');
      expect(row?.t).toBeGreaterThan(2);
    }
  });

  it('trades on every kind of candle', () => {
    for (const row of rows) expect(row.fillsPerMonth).toBeGreaterThan(10);
  });
});
