import { describe, expect, it } from 'vitest';
import { SmallWorld, START_TICKS } from './support/small-world.ts';

const ATR = 1_000;
const SECOND_TICKS = START_TICKS - ATR - 10;
/** Above the second level's take-profit, below the first one's. */
const BETWEEN_TICKS = SECOND_TICKS + 650;

function heldBy(world: SmallWorld): (number | undefined)[] {
  return [...world.session.engine.view.slotQty];
}

/** Two levels in position with their exits attached; of the second's entry nobody has told. */
function withUnheardEntry(): SmallWorld {
  const world = new SmallWorld({
    takeProfit: 0.5,
    stopLoss: 3,
    maxLevels: 2,
    protect: 'attached',
    initialEntry: 'immediate',
  });
  world.begin();
  world.wait(3_000);
  world.hears = (topic) => topic !== 'execution' && topic !== 'order';
  world.price(SECOND_TICKS);
  world.wait(100);
  world.hears = () => true;
  return world;
}

describe('an exit that came with its entry', () => {
  it('R-PRO-6 whose fill is known before its entry takes no lots from another level', () => {
    const world = withUnheardEntry();
    const [first = 0] = heldBy(world);
    expect([first > 0, world.exchange.truth.positionSteps]).toEqual([true, 2 * first]);
    world.price(BETWEEN_TICKS);
    world.wait(500);
    expect(world.exchange.truth.positionSteps).toBe(first);
    expect(heldBy(world)).toEqual([first, 0]);
    const exits = world.open().filter(({ side }) => side < 0);
    expect(exits.length).toBe(2);
    world.wait(20_000);
    expect(heldBy(world)).toEqual([first, 0]);
    expect(world.session.engine.ledger.positionSteps).toBe(first);
    expect(world.session.engine.caution?.gate.bits).toBe(0);
    expect(world.creates().filter((id) => /exit|stop/.test(id))).toEqual([]);
  });

  it('R-PRO-7 that no surface ever shows is told to a person, and own exits take its place', () => {
    const world = new SmallWorld({
      takeProfit: 0.5,
      stopLoss: 3,
      protect: 'attached',
      initialEntry: 'immediate',
    });
    world.hears = (topic) => topic !== 'order';
    world.mangle = (_call, body) => withoutAttached(body);
    world.begin();
    world.wait(20_000);
    expect(world.alarms).not.toContain('unprotected');
    world.wait(60_000);
    expect(world.alarms.filter((code) => code === 'unprotected').length).toBe(2);
    expect(world.creates().map((id) => id.split('-')[4])).toEqual(['entry', 'exit', 'stop']);
  });
});

/** An answer in which the venue has made nothing of an entry's exits. */
function withoutAttached(body: unknown): unknown {
  const reply = body as { result?: { list?: readonly { parentOrderLinkId?: string }[] } };
  if (reply.result?.list === undefined) return body;
  const list = reply.result.list.filter(({ parentOrderLinkId = '' }) => parentOrderLinkId === '');
  return { ...reply, result: { ...reply.result, list } };
}
