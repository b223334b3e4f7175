import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ReasonLog } from '../../src/engine/reason-log.ts';
import { REASONS } from '../../src/engine/reasons.ts';

const numbers = fc.integer({ min: 1, max: 1_000_000 });
const decisions = fc.array(
  fc.record({
    code: fc.integer({ min: 0, max: REASONS.length - 1 }),
    afterMs: fc.integer({ min: 1, max: 60_000 }),
    priceTicks: numbers,
    lastFillTicks: numbers,
    spacingTicks: numbers,
    levelTicks: numbers,
  }),
  { minLength: 1, maxLength: 30 },
);

describe('a decision not to act', () => {
  it('R8 carries its reason and its numbers, without a gap from the start to the end', () => {
    fc.assert(
      fc.property(decisions, (made) => {
        const log = new ReasonLog(1, true);
        log.open(0);
        let nowMs = 0;
        let reason = 0;
        const expected: object[] = [];
        for (const { code, afterMs, ...given } of made) {
          nowMs += afterMs;
          const { priceTicks, lastFillTicks, spacingTicks, levelTicks } = given;
          log.set(0, code, nowMs, priceTicks, lastFillTicks, spacingTicks, levelTicks);
          if (code !== reason) expected.push({ slot: 0, code, fromMs: nowMs, ...given });
          reason = code;
        }
        log.closeAll(nowMs + 1);
        const rows = log.list();
        expect(rows.slice(1)).toMatchObject(expected);
        expect(rows.length).toBe(expected.length + 1);
        expect(rows.map(({ fromMs }) => fromMs)).toEqual([
          0,
          ...rows.slice(0, -1).map(({ untilMs }) => untilMs),
        ]);
        expect(log.totalMs.reduce((sum, ms) => sum + ms, 0)).toBe(nowMs + 1);
      }),
    );
  });
});
