/** A bug, seeded into a copy of the sources. `find` must be there exactly once. */
export type Mutant = {
  readonly name: string;
  readonly file: string;
  readonly find: string;
  readonly replace: string;
};

const LEAPS = 'src/brokers/simulated/leaps.ts';
const ROW_WALK = 'src/brokers/simulated/row-walk.ts';
const DELIVERIES = 'src/brokers/simulated/deliveries.ts';

/** Bugs a walk could have: each passes something over that matters, or loses what it leads to. */
export const MUTANTS: readonly Mutant[] = [
  {
    name: 'leaps although messages are in flight',
    file: LEAPS,
    find: ' || mailbox.count > 0 || ',
    replace: ' || ',
  },
  {
    name: 'leaps over timers',
    file: LEAPS,
    find: 'Math.min(engine.timerMs, state.liquidationMs)',
    replace: 'state.liquidationMs',
  },
  {
    name: 'leaps over fixed levels above',
    file: LEAPS,
    find: 'else limits.ceil = Math.min(limits.ceil, level);',
    replace: '',
  },
  {
    name: 'leaps over the liquidation level',
    file: LEAPS,
    find: 'world.mark === undefined && liquidation === liquidation',
    replace: 'world.mark !== undefined && liquidation === liquidation',
  },
  {
    name: 'leaps over amends that cannot be afforded',
    file: LEAPS,
    find: '&& !Number.isNaN(world.capitalMoney)',
    replace: '&& world.capitalMoney === 0',
  },
  {
    name: 'gives ranks in the wrong order after a leap',
    file: LEAPS,
    find: 'return moved < otherMoved;',
    replace: 'return moved > otherMoved;',
  },
  {
    name: 'forgets the level in force until an amend has arrived',
    file: 'src/market/close-index.ts',
    find: '= Math.max(now, before);',
    replace: '= now;',
  },
  {
    name: 'does not wait for the first price after a gap',
    file: 'src/market/close-windows.ts',
    find: 'inGap ? settled + 1 : settled',
    replace: 'settled',
  },
  {
    name: 'forgets the best close of those it leapt over',
    file: DELIVERIES,
    find: 'previous, index.highestClose, index.lowestClose',
    replace: 'previous, -Infinity, Infinity',
  },
  {
    name: 'leaves a band where it was before a leap',
    file: 'src/brokers/simulated/price-feed.ts',
    find: `    state.bandLow = engine.band.lowTicks;
    state.bandHigh = engine.band.highTicks;
  }`,
    replace: '  }',
  },
  {
    name: 'climbs the crossing index a run too early',
    file: 'src/market/crossing-index.ts',
    find: '(1 << (BITS * (level + 2))) - 1',
    replace: '(1 << (BITS * (level + 1))) - 1',
  },
  {
    name: 'takes a segment for quiet that ends on the floor',
    file: ROW_WALK,
    find: 'if (to <= floor ||',
    replace: 'if (to < floor ||',
  },
];
