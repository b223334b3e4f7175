import { describe, expect, it } from 'vitest';
import { productionBot } from '../../src/laboratory/production-bot.ts';
import { SCENARIOS } from '../../src/laboratory/scenarios/incidents.ts';
import { runScenario, timelineLines } from '../../src/laboratory/scenarios/run-scenario.ts';

describe('an incident played again', () => {
  for (const scenario of SCENARIOS) {
    it(`${scenario.name}: ${scenario.lesson}`, () => {
      const { result, happened } = runScenario(scenario, productionBot);
      expect(result.broken).toBeUndefined();
      expect(happened).toBe(true);
    });
  }
});

describe('an entry that fills while the process is dead', () => {
  it('has its exit, and the next start knows of both', () => {
    const scenario = SCENARIOS.find(({ name }) => name === 'entry-fills-while-dead');
    if (scenario === undefined) throw new Error('no such scenario');
    const lines = timelineLines(runScenario(scenario, productionBot).timeline, 100_000);
    const dies = lines.findIndex((line) => line.includes('(the process dies'));
    const wakes = lines.findIndex((line, at) => at > dies && line.includes('  sent '));
    const meanwhile = lines.slice(dies, wakes < 0 ? undefined : wakes).join('\n');
    expect(meanwhile).toMatch(/exchange +Trade ls-\S+-entry-\d+ 1 /);
    expect(meanwhile).toMatch(/exchange +Trade Partial\w+ of ls-\S+-entry-\d+ -1 /);
  });
});
