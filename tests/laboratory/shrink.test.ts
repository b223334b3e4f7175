import { describe, expect, it } from 'vitest';
import type { Bot, BotMaker } from '../../src/laboratory/bot.ts';
import { drawFaultPlan } from '../../src/laboratory/fault-plan.ts';
import type { FaultPlan } from '../../src/laboratory/fault-plan.ts';
import type { GridCase } from '../../src/laboratory/grid-case.ts';
import { productionBot } from '../../src/laboratory/production-bot.ts';
import { CALM_MS, runSeed } from '../../src/laboratory/run-seed.ts';
import type { SeedResult } from '../../src/laboratory/run-seed.ts';
import { shrink } from '../../src/laboratory/shrink.ts';

const HALF_HOUR_MS = 1_800_000;
const MOST_SEEDS = 20;

/** The production session, but for one thing: it does not hear that a call has failed. */
function deafToFailures(grid: GridCase): BotMaker {
  const plain = productionBot(grid);
  return {
    foreignJournal: () => plain.foreignJournal(),
    foldWhole: (journal) => plain.foldWhole(journal),
    start(journal, unchanged) {
      const started = plain.start(journal, unchanged);
      if (!started.ok) return started;
      const { bot } = started;
      const handle: Bot['handle'] = (input) => {
        if (input.t !== 'failed') bot.handle(input);
      };
      const deaf: Bot = {
        effects: bot.effects,
        belief: bot.belief,
        opening: () => bot.opening?.() ?? '',
        handle,
        digest: () => bot.digest(),
        describe: () => bot.describe(),
      };
      return { ...started, bot: deaf };
    },
  };
}

function runOf(makeBot: (grid: GridCase) => BotMaker): (plan: FaultPlan) => SeedResult {
  return (plan) => runSeed({ plan, calmMs: CALM_MS, keepsTrace: false, makeBot });
}

function firstBroken(run: (plan: FaultPlan) => SeedResult): FaultPlan {
  for (let seed = 1; seed <= MOST_SEEDS; seed += 1) {
    const plan = drawFaultPlan(seed, HALF_HOUR_MS);
    if (run(plan).broken !== undefined) return plan;
  }
  throw new Error(`nothing broken in ${MOST_SEEDS} seeds`);
}

describe('shrinking a failure', () => {
  it('gives a smaller plan that breaks the same rule, in which the sound session keeps all', () => {
    const run = runOf(deafToFailures);
    const plan = firstBroken(run);
    const steps: string[] = [];
    const smallest = shrink(plan, run, (text) => steps.push(text));
    const kinds = Object.keys(smallest.rates);
    expect(kinds.length).toBeLessThan(Object.keys(plan.rates).length);
    expect(kinds.length).toBeLessThanOrEqual(3);
    expect(steps.length).toBeGreaterThan(0);
    const rule = run(plan).broken?.rule;
    expect(run(smallest).broken?.rule).toBe(rule);
    expect(runOf(productionBot)(smallest).broken).toBe(undefined);
  }, 60_000);

  it('leaves a plan alone that breaks nothing', () => {
    const plan = drawFaultPlan(1, HALF_HOUR_MS);
    const steps: string[] = [];
    expect(shrink(plan, runOf(productionBot), (text) => steps.push(text))).toBe(plan);
    expect(steps).toEqual([]);
  });
});
