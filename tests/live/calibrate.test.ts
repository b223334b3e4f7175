import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkProfile, loadProfile } from '../../src/feeds/profiles.ts';
import { measuredProfile, quantilesOf } from '../../src/live/journal/latency-profile.ts';
import { LatencySampler } from '../../src/live/journal/latency-samples.ts';
import type { LatencySamples } from '../../src/live/journal/latency-samples.ts';
import { compileQuantiles } from '../../src/venue/latency.ts';
import { lockstep, scratch } from '../cli/support/lockstep.ts';

type Trip = { readonly there: number; readonly back: number; readonly seen: number };

/** What a session would see of orders whose ways take so long, the venue's clock being ahead. */
function sampled(trips: readonly Trip[], aheadMs: number): LatencySamples {
  const sampler = new LatencySampler();
  trips.forEach(({ there, back, seen }, at) => {
    const sentMs = 1_700_000_000_000 + at * 10_000;
    const linkId = `a-${at}`;
    const venueMs = sentMs + there + aheadMs;
    const call = { t: 'call', call: at, method: 'POST', path: '/v5/order/create' } as const;
    sampler.take({ t: 'timer', atMs: sentMs }, [
      { ...call, params: { orderLinkId: linkId }, timeoutMs: 1 },
    ]);
    const body = { retCode: 0, time: venueMs, result: {} };
    sampler.take({ t: 'reply', atMs: sentMs + there + back, call: at, status: 200, body }, []);
    const frame = (topic: string, row: object): void =>
      sampler.take(
        {
          t: 'frame',
          atMs: sentMs + there + seen,
          socket: 'private',
          body: { topic, data: [{ orderLinkId: linkId, ...row }] },
        },
        [],
      );
    frame('order', {});
    frame('execution', { execId: `e${at}`, execTime: String(venueMs) });
    const data = { lastPrice: '1' };
    const tick = { topic: 'tickers.X', type: 'delta', ts: venueMs, data };
    sampler.take({ t: 'frame', atMs: sentMs + there + seen, socket: 'public', body: tick }, []);
  });
  return sampler.samples();
}

const { profile: home } = loadProfile('home');
const even = (count: number): Trip[] =>
  Array.from({ length: count }, (_, at) => ({ there: 50 + at, back: 50 + at, seen: 20 + at }));

describe('calibration', () => {
  it('finds each leg, whatever the clocks say, where the quickest go and come equally fast', () => {
    const ways = fc.array(
      fc.record({ side: fc.nat(400), seen: fc.nat(900), slow: fc.nat(2_000) }),
      { minLength: 8, maxLength: 60 },
    );
    fc.assert(
      fc.property(ways, fc.integer({ min: -100_000, max: 100_000 }), (all, aheadMs) => {
        // A third of the ways there are slow; they must not move the clock.
        const trips = all.map(({ side, seen, slow }, at) => ({
          there: 10 + side + (at % 3 === 0 ? 3_000 + slow : 0),
          back: 10 + side,
          seen,
        }));
        const { ms } = sampled(trips, aheadMs);
        expect(ms.submit).toEqual(trips.map(({ there }) => there));
        expect(ms.ack).toEqual(trips.map(({ back }) => back));
        for (const leg of ['wsOrder', 'wsExecution', 'market'] as const)
          expect(ms[leg]).toEqual(trips.map(({ seen }) => seen));
      }),
    );
  });

  it('makes a profile whose draws are the delays that were measured', () => {
    const made = measuredProfile(sampled(even(101), 7), home, 'mine', 30);
    if (!made.ok) throw new Error(made.lacking.join());
    const { profile } = made;
    expect(checkProfile(JSON.parse(JSON.stringify(profile)), 'x')).toEqual(profile);
    const table = compileQuantiles(profile.legs.submit);
    expect([table[0], table[512], table[1_023]]).toEqual([50, 100, 150]);
    expect(profile.volatility).toBe(undefined);
    expect([profile.slippageBps, profile.throughTicks]).toEqual([1, 1]);
    expect(made.notes).toEqual([
      'amend: 0 samples only, taken as submit',
      'cancel: 0 samples only, taken as submit',
    ]);
  });

  it('refuses too few samples, and names the legs', () => {
    const made = measuredProfile(sampled(even(29), 0), home, 'mine', 30);
    expect(made).toMatchObject({ ok: false, lacking: expect.arrayContaining(['submit 29']) });
    expect(measuredProfile(sampled([], 0), home, 'mine', 2)).toMatchObject({ ok: false });
  });

  it('takes quantiles that ascend from the least to the most', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(5_000), { minLength: 1 }), (all) => {
        const at = quantilesOf(all, 101);
        expect([at[0], at[100]]).toEqual([Math.min(...all), Math.max(...all)]);
        expect(at).toEqual(at.toSorted((a, b) => a - b));
      }),
    );
  });
});

describe('lockstep calibrate', () => {
  const folder = scratch();
  const journal = join(folder, 'seed.journal');

  it('writes a profile that a backtest takes, and refuses with the counts', () => {
    lockstep(['simulate', '--seed', '3', '--hours', '2', '--journal', journal], folder);
    const out = join(folder, 'mine.json');
    const refused = lockstep(
      ['calibrate', journal, '--out', out, '--min-samples', '100000'],
      folder,
    );
    expect([refused.code, refused.err]).toEqual([2, expect.stringMatching(/submit \d+, .*100000/)]);
    const made = lockstep(['calibrate', journal, '--out', out, '--min-samples', '2'], folder);
    expect([made.code, made.err]).toEqual([0, '']);
    expect(made.out).toMatch(/^submit +\d+ +[\d.]+/m);
    expect(JSON.parse(readFileSync(out, 'utf8'))).toMatchObject({ name: 'mine' });
    const days = ['--symbol', 'BTCUSDT', '--interval', '5m', '--days', '20', '--seed', '1'];
    lockstep(['data', 'synth', ...days], folder);
    const run = ['backtest', '--symbol', 'BTCUSDT', '--interval', '5m', '--set', 'qty=0.01'];
    const tested = lockstep([...run, '--execution', out, '--warmup', '16d'], folder);
    expect([tested.code, tested.err]).toEqual([0, expect.any(String)]);
    expect(tested.out).toContain('mine');
  }, 30_000);
});
