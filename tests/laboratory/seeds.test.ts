import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { drawFaultPlan } from '../../src/laboratory/fault-plan.ts';
import { productionBot } from '../../src/laboratory/production-bot.ts';
import { CALM_MS, runSeed } from '../../src/laboratory/run-seed.ts';
import type { SeedResult } from '../../src/laboratory/run-seed.ts';
import { SeedTotals } from '../../src/laboratory/seed-totals.ts';

type Kept = { readonly seed: number; readonly hours: number; readonly why: string };

const url = new URL('./kept-seeds.json', import.meta.url);
const KEPT = JSON.parse(readFileSync(url, 'utf8')) as readonly Kept[];
const SEEDS = 200;

function run(seed: number, hours: number): SeedResult {
  const plan = drawFaultPlan(seed, hours * 3_600_000);
  return runSeed({ plan, calmMs: CALM_MS, keepsTrace: false, makeBot: productionBot });
}

describe('the production session in the fault world', () => {
  it('keeps every rule in seeds in which it was once broken', () => {
    for (const { seed, hours } of KEPT) {
      expect([seed, run(seed, hours).broken]).toEqual([seed, undefined]);
    }
  });

  it(`keeps every rule in seeds 1 to ${SEEDS}, and trades in them`, () => {
    const totals = new SeedTotals();
    for (let seed = 1; seed <= SEEDS; seed += 1) {
      const result = run(seed, 1);
      expect([seed, result.broken]).toEqual([seed, undefined]);
      totals.add(result);
    }
    expect(totals.fills).toBeGreaterThan(5 * SEEDS);
    expect(totals.faults).toBeGreaterThan(10 * SEEDS);
    expect(totals.crashes).toBeGreaterThan(SEEDS / 2);
  });

  it('D1: gives the same hash in two processes, and in one without the JIT', () => {
    const script = fileURLToPath(new URL('../../scripts/verify.mjs', import.meta.url));
    const few = ['--messages', '2', '--seeds', '10', '--twice', '10', '--hours', '1'];
    const noWire = ['--parity-days', '0', '--kills', '0'];
    const run = spawnSync(process.execPath, [script, ...few, ...noWire], { encoding: 'utf8' });
    expect(run.stdout).toContain('10 seeds: equal hashes');
    expect(run.status).toBe(0);
  });
});
