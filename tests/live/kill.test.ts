import { describe, expect, it } from 'vitest';
import { scratch } from '../cli/support/lockstep.ts';
import { killMarket } from './support/kill-market.ts';
import { killRounds } from './support/kill-rounds.ts';

const KILLS = 5;

describe('lockstep live under kill -9 and faults', () => {
  it('loses no lot, doubles no order, leaks no secret, and trades again once it is calm', async () => {
    const report = await killRounds(scratch(), killMarket(120, 5), KILLS, 5);
    expect(report.unknown).toEqual([]);
    expect(report.position.booked).toBe(report.position.venue);
    expect(report.replay).toMatch(/every command is the one that was written/);
    expect(report.verify).toMatchObject({ code: 0 });
    expect(report.stopped).toMatchObject({ code: 0 });
    expect([report.leaks, report.reports]).toEqual([[], 1]);
    expect(Math.min(report.fills, report.orders, report.faults)).toBeGreaterThan(5);
  }, 240_000);
});
