import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scratch } from '../cli/support/lockstep.ts';
import { floodedRun } from './support/flood.ts';

describe('thousands of public messages a second', () => {
  it('all arrive, few are journaled, and the private stream loses nothing', async () => {
    const report = await floodedRun(join(scratch(), 'state'), 5, 5_000);
    expect(report.sent).toBeGreaterThan(10_000);
    expect(report.received).toBe(report.sent);
    // The price every 20 ms of the process's time at most, which here is 20 times the wall's.
    expect(report.journaled).toBeLessThan(report.received / 2);
    expect(report.privateFrames.heard).toBe(report.privateFrames.said);
    expect(report.fills).toBeGreaterThan(0);
    expect(report).toMatchObject({
      unknown: 0,
      end: expect.stringMatching(/^0 stopped/) as string,
    });
  }, 60_000);
});
