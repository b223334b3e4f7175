import { describe, expect, it } from 'vitest';
import { productionBot } from '../../src/laboratory/production-bot.ts';
import { SCENARIOS } from '../../src/laboratory/scenarios/incidents.ts';
import { runScenario } from '../../src/laboratory/scenarios/run-scenario.ts';

describe('an incident played again', () => {
  for (const scenario of SCENARIOS) {
    it(`${scenario.name}: ${scenario.lesson}`, () => {
      const { result, happened } = runScenario(scenario, productionBot);
      expect(result.broken).toBeUndefined();
      expect(happened).toBe(true);
    });
  }
});
