import { describe, expect, it } from 'vitest';
import { caseCount, caseText, lifeCases } from '../../src/laboratory/exhaustive/deliveries.ts';
import { joined, runLifeCases } from '../../src/laboratory/exhaustive/exhaustive.ts';
import { ORDER_LIVES } from '../../src/laboratory/exhaustive/order-lives.ts';
import type { OrderLife } from '../../src/laboratory/exhaustive/order-lives.ts';
import { runLife } from '../../src/laboratory/exhaustive/run-life.ts';
import { Session } from '../../src/live/session/session.ts';

const MOST_CASES = 2_000;

function lifeNamed(name: string): OrderLife {
  const life = ORDER_LIVES.find((each) => each.name === name);
  if (life === undefined) throw new Error(`no life ${name}`);
  return life;
}

/** Does not hear that a call has failed. */
class Forgetful extends Session {
  override handle(input: Parameters<Session['handle']>[0]): void {
    if (input.t !== 'failed') super.handle(input);
  }
}

describe('every case of the life of an order', () => {
  it('is a case of its own, and all of them are as many as there are', () => {
    for (let messages = 0; messages <= 4; messages += 1) {
      const texts = new Set([...lifeCases(messages)].map(caseText));
      expect(texts.size).toBe(caseCount(messages));
      expect([...lifeCases(messages)].length).toBe(caseCount(messages));
    }
    expect(caseCount(6)).toBe(227_921);
  });

  it.each(['rests', 'cancelled by the venue', 'filled at once'])(
    'ends well: %s',
    (name) => {
      const life = lifeNamed(name);
      const totals = runLifeCases(life, 0, 1);
      expect(totals).toMatchObject({ cases: caseCount(life.messages.length), broken: 0 });
    },
    60_000,
  );

  it('ends well when it is filled in two parts, in cases spread over all of them', () => {
    const parts = Math.ceil(caseCount(6) / (MOST_CASES / 4));
    const totals = runLifeCases(lifeNamed('filled in two parts'), 7, parts);
    expect(totals.broken).toBe(0);
    expect(totals.cases).toBeGreaterThan(400);
  }, 60_000);

  it('breaks a rule where a session does not hear that a call has failed', () => {
    const life = lifeNamed('rests');
    const faults = [...lifeCases(2)].map((played) =>
      runLife(life, played, (options) => new Forgetful(options)),
    );
    expect(faults.some((fault) => fault !== undefined)).toBe(true);
    expect(runLife(life, { deliveries: [{ message: 0, twice: false }], death: 'none' })).toBe(
      undefined,
    );
  });

  it('is told the same whatever the shares were', () => {
    const life = lifeNamed('rests');
    const shares = [0, 1, 2].map((part) => runLifeCases(life, part, 3));
    expect(joined(shares)).toEqual(runLifeCases(life, 0, 1));
  });
});
