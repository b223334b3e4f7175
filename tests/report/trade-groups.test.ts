import { describe, expect, it } from 'vitest';
import { groupTrades } from '../../src/report/trade-groups.ts';
import type { GroupedTrade } from '../../src/report/trade-groups.ts';

const HOUR = 3_600_000;
const trade = (iso: string, netPnl: number, exitRole = 'exit', slot = 0): GroupedTrade => ({
  entryTimeMs: Date.parse(iso),
  side: 'long',
  slot,
  exitRole,
  netPnl,
  fees: 0.1,
  holdMs: 2 * HOUR,
});
// 2024-01-01 was a Monday.
const TRADES = [
  trade('2024-01-01T03:00:00Z', 2),
  trade('2024-01-07T03:30:00Z', -1, 'stop', 10),
  trade('2024-02-05T12:00:00Z', 4, '', 2),
];

describe('trades summed up', () => {
  it('by month of entry: counts, wins, sums and means', async () => {
    const [january, february] = await groupTrades(TRADES, 'month');
    expect(january).toMatchObject({ group: '2024-01', trades: 2, won: 1, netPnl: 1, meanPnl: 0.5 });
    expect(january?.fees).toBeCloseTo(0.2, 12);
    expect(february).toMatchObject({ group: '2024-02', trades: 1, won: 1, meanHoldHours: 2 });
  });

  it('in an order people read: Monday first, slots as numbers', async () => {
    const groups = async (by: 'weekday' | 'slot' | 'hour' | 'exit'): Promise<string[]> =>
      (await groupTrades(TRADES, by)).map(({ group }) => group);
    expect(await groups('weekday')).toEqual(['Monday', 'Sunday']);
    expect(await groups('slot')).toEqual(['0', '2', '10']);
    expect(await groups('hour')).toEqual(['03:00', '12:00']);
    expect(await groups('exit')).toEqual(['exit', 'open at the end', 'stop']);
  });

  it('is empty without trades', async () => {
    expect(await groupTrades([], 'month')).toEqual([]);
  });
});
