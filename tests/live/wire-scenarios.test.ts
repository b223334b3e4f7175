import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SCENARIOS } from '../../src/laboratory/scenarios/incidents.ts';
import { scratch } from '../cli/support/lockstep.ts';
import { offTheWire, playOverTheWire } from './support/wire-scenario.ts';

/** Of each kind of fault one; `npm run verify` plays them all. */
const PLAYED = ['exit-refused', 'order-id-lost', 'fills-come-twice', 'traded-by-hand'];

describe('the incidents over the wire', () => {
  it('are all played but those that kill the process, move its clock or fill its disk', () => {
    const left = SCENARIOS.filter((scenario) => offTheWire(scenario).length > 0);
    expect(left.map(({ name }) => name)).toEqual([
      'restart-reuses-id',
      'send-then-record',
      'clock-jumps',
      'disk-full',
      'crash-everywhere',
      'entry-fills-while-dead',
    ]);
  });

  it.each(SCENARIOS.filter(({ name }) => PLAYED.includes(name)))(
    '$name ends with the books of the exchange, and trading',
    async (scenario) => {
      const report = await playOverTheWire(scenario, join(scratch(), 'state'));
      expect(report).toMatchObject({ entriesStopped: [], unknownOrders: 0, divergence: undefined });
      expect(report.end).toMatch(/^0 stopped/);
      expect(report.booked).toEqual(report.venue);
      expect(Math.min(report.fills, report.struck)).toBeGreaterThan(0);
    },
    120_000,
  );
});
