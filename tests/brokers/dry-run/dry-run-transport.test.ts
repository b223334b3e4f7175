import { describe, expect, it } from 'vitest';
import type { VenueRecord } from '../../../src/venue/dry-run/venue-record.ts';
import { MINUTE_MS, START_MS, limit, tapeOf } from '../../venue/host/rig.ts';
import { DryWorld } from './dry-world.ts';

const FLAT = [500_000, 500_010, 499_990, 500_000] as const;
const DIP = [500_000, 500_000, 499_000, 500_000] as const;
const tape = tapeOf([FLAT, FLAT, DIP, FLAT, FLAT, FLAT]);
const DIP_MS = START_MS + 2 * MINUTE_MS;
/** One tick through the level, as the profile asks. */
const AT_LEVEL_MS = DIP_MS + 10_020;

function place(world: DryWorld, linkId: string, price: string): void {
  const params = limit(linkId, 'Buy', price, '0.01') as Record<string, unknown>;
  const path = '/v5/order/create';
  world.transport.call({ call: 1, method: 'POST', path, params, timeoutMs: 5_000 });
}

const fills = ({ venue }: DryWorld): readonly (readonly [number, number])[] =>
  venue.truth.executions.map(({ priceTicks, timeMs }) => [priceTicks, timeMs]);

describe('a dry run', () => {
  it('fills what rests when the live price comes there', async () => {
    const world = new DryWorld(tape);
    await world.pass(1_000);
    place(world, 'a', '49950.0');
    await world.pass(3 * MINUTE_MS);
    const [[ticks, atMs] = []] = fills(world);
    expect([fills(world).length, ticks]).toEqual([1, 499_500]);
    expect(Math.abs((atMs ?? 0) - AT_LEVEL_MS)).toBeLessThanOrEqual(1_000);
  });

  it('that was away finds the fill in the candles, at the ms of the path', async () => {
    const records: VenueRecord[] = [];
    const before = new DryWorld(tape, START_MS + 1_000, records);
    await before.pass(1_000);
    place(before, 'a', '49950.0');
    await before.pass(MINUTE_MS);
    const after = new DryWorld(tape, DIP_MS + 90_000, records);
    await after.pass(2_000);
    expect(fills(after)).toEqual([[499_500, AT_LEVEL_MS]]);
    expect(after.said.join()).toMatch(/3 candles walked, 1 executions/);
  });

  it('whose stream falls silent stands still, then learns where the price went', async () => {
    const world = new DryWorld(tape);
    await world.pass(1_000);
    place(world, 'a', '49950.0');
    await world.pass(MINUTE_MS + 50_000);
    world.cut(40_000);
    await world.pass(100_000);
    expect(world.said.join()).toMatch(/the price stream is lost/);
    expect(fills(world).map(([ticks]) => ticks)).toEqual([499_500]);
  });

  it('answers each call once, also those that waited while it stood still', async () => {
    const world = new DryWorld(tape);
    await world.pass(1_000);
    world.cut(20_000);
    await world.pass(12_000);
    place(world, 'a', '49950.0');
    await world.pass(MINUTE_MS);
    expect(world.inputs.filter((input) => 'call' in input)).toHaveLength(1);
  });
});
