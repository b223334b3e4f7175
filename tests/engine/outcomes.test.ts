import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { verdictOfCode, verdictOfFailure, verdictOfStatus } from '../../src/engine/outcomes.ts';
import type { RequestKind } from '../../src/engine/outcomes.ts';

const WRITES: readonly RequestKind[] = ['create', 'amend', 'cancel'];
const outcomes = (code: number): string[] =>
  WRITES.map((kind) => verdictOfCode(kind, code).outcome);

describe('outcomes', () => {
  it('R-OUT-1 only a refused connection proves that nothing was sent', () => {
    expect(verdictOfFailure('refused').outcome).toBe('denied');
    expect(verdictOfFailure('timeout').outcome).toBe('unknown');
    expect(verdictOfFailure('reset').outcome).toBe('unknown');
  });

  it('R-OUT-2 a code that nobody has described leaves a write unknown', () => {
    for (const code of [1, 99_999, 131_001, -5])
      expect(outcomes(code)).toEqual(Array(3).fill('unknown'));
  });

  it('R-OUT-3 R7 any status but 200, and a body that is no answer, leave a write unknown', () => {
    expect(verdictOfStatus(200).outcome).toBe('unknown');
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 599 }), (status) => {
        expect(verdictOfStatus(status).outcome).toBe('unknown');
      }),
    );
  });

  it('R-OUT-3 every ambiguous code leaves a write unknown', () => {
    const ambiguous = [
      429, 10000, 10006, 10014, 10016, 10019, 10403, 10429, 170001, 170005, 170007, 170032, 20003,
      20006, 500000,
    ];
    for (const code of ambiguous) expect(outcomes(code)).toEqual(Array(3).fill('unknown'));
  });

  it('R-OUT-4 a duplicate id exists, an order that is gone is asked for', () => {
    expect(verdictOfCode('create', 110072)).toEqual({ outcome: 'unknown', after: 'exists' });
    for (const code of [110001, 110008, 110010]) {
      expect(verdictOfCode('cancel', code)).toEqual({ outcome: 'refused', after: 'gone' });
      expect(verdictOfCode('amend', code)).toEqual({ outcome: 'refused', after: 'gone' });
      expect(verdictOfCode('create', code).outcome).toBe('unknown');
    }
  });

  it('R-OUT-5 what is already as asked is confirmed', () => {
    for (const code of [0, 110025, 110026, 110027, 110043, 34040])
      expect(outcomes(code)).toEqual(Array(3).fill('confirmed'));
  });

  it('R-OUT-6 the limits of account and address are told apart', () => {
    for (const code of [10006, 429, 10429])
      expect(verdictOfCode('read', code).after).toBe('slow-down');
    expect(verdictOfCode('read', 10018).after).toBe('ban');
    expect(verdictOfStatus(403).after).toBe('ban');
    expect(verdictOfStatus(429).after).toBe('slow-down');
  });

  it('R-OUT-1 final codes refuse, whatever was asked', () => {
    for (const code of [10001, 110003, 110007, 110017, 110064, 110092, 110093, 110094])
      expect(outcomes(code)).toEqual(Array(3).fill('refused'));
  });
});
