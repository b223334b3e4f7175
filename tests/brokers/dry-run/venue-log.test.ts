import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { knownRate } from '../../../src/brokers/dry-run/price-history.ts';
import { openDryVenue } from '../../../src/brokers/dry-run/venue-log.ts';
import { START_MS, limit } from '../../venue/host/rig.ts';
import { dryOptions } from '../../venue/dry-run/rig.ts';

const folder = mkdtempSync(join(tmpdir(), 'lockstep-venue-log-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A log with one resting order in it. */
function written(name: string): string {
  const path = join(folder, name);
  const { venue, close } = openDryVenue(path, dryOptions());
  const flat = { open: 500_000, high: 500_000, low: 500_000, close: 500_000 };
  venue.catchUp(
    [{ ...flat, openTimeMs: START_MS, volumeSteps: 1, mark: undefined }],
    START_MS,
    START_MS,
  );
  const order = limit('a', 'Buy', '49000.0', '0.01') as Record<string, unknown>;
  venue.request(1, START_MS, 'POST', '/v5/order/create', order);
  venue.advanceTo(START_MS + 100);
  close();
  return path;
}

describe("the log of a dry run's venue", () => {
  it('brings the venue back as it was, when it began and what rests', () => {
    const path = written('back');
    const later = dryOptions({ startMs: START_MS + 1e6 });
    const { venue, close } = openDryVenue(path, later);
    expect(venue.truth.orders).toMatchObject([{ orderLinkId: 'a', status: 'New' }]);
    expect(venue.options.startMs).toBe(START_MS);
    expect(venue.isHeld).toBe(true);
    close();
  });

  it('cut at any byte comes back up to its last whole line', () => {
    const path = written('torn');
    const bytes = readFileSync(path);
    for (let end = 1; end <= bytes.length; end += 7) {
      writeFileSync(path, bytes.subarray(0, end));
      openDryVenue(path, dryOptions()).close();
      const kept = readFileSync(path);
      if (end > bytes.indexOf(10)) expect(bytes.subarray(0, kept.length).equals(kept)).toBe(true);
      expect(kept.at(-1)).toBe(10);
    }
  });

  it('is refused under other terms, of another kind, and where it is damaged', () => {
    const path = written('other');
    const richer = dryOptions({ capitalMoney: 1 });
    expect(() => openDryVenue(path, richer)).toThrow(/another instrument, execution profile/);
    const text = readFileSync(path, 'utf8');
    writeFileSync(path, text.replace('"rate"', '"tate"').replace('"t":"line"', '"t":"lime"'));
    expect(() => openDryVenue(path, dryOptions())).toThrow(/line \d+ is damaged/);
    writeFileSync(path, '{}\n');
    appendFileSync(path, '{}\n');
    expect(() => openDryVenue(path, dryOptions())).toThrow(/line 1 is damaged/);
  });
});

it('a funding rate is taken as a plain decimal, and what is none is not taken', () => {
  expect(['0.0001', '-0.00012345', '8.5e-05', '0.00010000'].map(knownRate)).toEqual([
    '0.0001',
    '-0.00012345',
    '0.000085',
    '0.0001',
  ]);
  expect(['', 'x', '1', undefined, 0.0001].map(knownRate)).toEqual(Array(5).fill(undefined));
});
