import { describe, expect, it } from 'vitest';
import { Session } from '../../src/live/session/session.ts';
import { decodeJournal } from '../../src/live/journal/decode.ts';
import { SmallWorld, START_TICKS } from './support/small-world.ts';

describe('session', () => {
  it('goes from an entry to its exit and flat again', () => {
    const world = new SmallWorld();
    world.begin();
    expect(world.open()).toMatchObject([{ side: 1, priceTicks: START_TICKS - 1_000 }]);
    world.price(START_TICKS - 1_100);
    world.wait(1_000);
    expect(world.session.engine.ledger.positionSteps).toBe(10);
    expect(world.open()).toMatchObject([{ side: -1, priceTicks: START_TICKS - 500 }]);
    world.price(START_TICKS - 400);
    world.wait(1_000);
    expect(world.session.engine.ledger.positionSteps).toBe(0);
    expect(world.session.engine.ledger.realised).toBeGreaterThan(0);
    expect(world.alarms).toEqual([]);
  });

  it('is the same session when it is fed its own journal', () => {
    const world = new SmallWorld({ maxLevels: 3 });
    world.begin();
    for (const ticks of [-1_100, -2_200, -1_500, -400]) {
      world.price(START_TICKS + ticks);
      world.wait(20_000);
    }
    const read = decodeJournal(world.journal);
    if (!read.ok) throw new Error(read.problem);
    const again = new Session(world.options);
    again.fold(read.records);
    expect(again.describe()).toBe(world.session.describe());
    expect(again.digest()).toBe(world.session.digest());
  });

  it('R10 begins its journal with version, configuration, strategy and parameters', () => {
    const { options } = new SmallWorld();
    const { risk, patience, capitalMoney } = options;
    const instrument = options.instrument.spec;
    const params = { multiplier: 1 };
    const config = { strategy: 'atr-grid', params, instrument, risk, patience, capitalMoney };
    const world = new SmallWorld({}, {}, { version: '1.2.3', configHash: 'abc', config });
    world.begin();
    const read = decodeJournal(world.journal);
    if (!read.ok) throw new Error(read.problem);
    const { deployment } = options;
    const whose = { deployment, version: '1.2.3', configHash: 'abc' };
    expect(read.header).toMatchObject({ ...whose, config: { strategy: 'atr-grid', params } });
  });
});
