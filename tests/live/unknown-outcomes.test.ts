import { describe, expect, it } from 'vitest';
import { ORDER_ENDING, ORDER_LIVE, SLOT_STATE_WORDS } from '../../src/engine/codes.ts';
import { DEFAULT_PATIENCE } from '../../src/engine/patience.ts';
import type { Distribution } from '../../src/venue/latency.ts';
import { SmallWorld, START_TICKS } from './support/small-world.ts';

const CREATE = '/v5/order/create';
const CANCEL = '/v5/order/cancel';
const REALTIME = '/v5/order/realtime';
const AMEND = '/v5/order/amend';
const FILL = START_TICKS - 1_100;
const constant = (ms: number): Distribution => ({ type: 'constant', ms });

const ledger = (world: SmallWorld): number => world.session.engine.ledger.positionSteps;
const venue = (world: SmallWorld): number => world.exchange.truth.positionSteps;
const slot = (world: SmallWorld): string =>
  SLOT_STATE_WORDS[world.session.engine.slots.slotState[0] ?? 0] ?? '';
const unknown = (world: SmallWorld): number =>
  world.session.engine.caution?.resolver.unknownCount() ?? NaN;

/** The first call to a path has this fate, the others go through. */
function first(world: SmallWorld, path: string, fate: ReturnType<SmallWorld['fate']>): void {
  let spent = false;
  world.fate = (call) => {
    if (spent || call.path !== path) return undefined;
    spent = true;
    return fate;
  };
}

describe('unknown outcomes', () => {
  it('R2 gives the stream its time before REST is asked, and that time is a parameter', () => {
    const patience = { ...DEFAULT_PATIENCE, streamMs: 4_000 };
    const world = new SmallWorld({}, {}, { patience });
    world.hears = () => false;
    world.begin();
    const asked = (): number =>
      world.calls.filter(
        ({ path, params }) => path === REALTIME && params['orderLinkId'] !== undefined,
      ).length;
    world.wait(2_500);
    expect(asked()).toBe(0);
    world.wait(1_500);
    expect(asked()).toBe(1);
  });

  it('R-UNK-12 tells a person what stays unknown for a minute, and goes on asking', () => {
    const world = new SmallWorld();
    let isGone = false;
    world.fate = ({ path }) => {
      if (path === CREATE) isGone = true;
      return isGone ? 'request-lost' : undefined;
    };
    world.begin();
    world.wait(50_000);
    expect(world.alarms).not.toContain('unknown-for-long');
    world.wait(20_000);
    expect(world.alarms).toContain('unknown-for-long');
    const asked = world.calls.length;
    world.wait(60_000);
    expect(world.calls.length).toBeGreaterThan(asked);
    expect(unknown(world)).toBe(1);
  });

  it('R-UNK-1 finds an order whose answer was lost, and sends no second one', () => {
    const world = new SmallWorld();
    world.hears = () => false;
    first(world, CREATE, 'reply-lost');
    world.begin();
    world.wait(10_000);
    expect(world.creates().length).toBe(1);
    expect(world.open().length).toBe(1);
    expect(unknown(world)).toBe(0);
  });

  it('R-UNK-1 takes an order for one that never was only behind the fence, and then tries anew', () => {
    const world = new SmallWorld();
    first(world, CREATE, 'request-lost');
    world.begin();
    world.wait(25_000);
    expect(unknown(world)).toBe(1);
    expect(world.creates().length).toBe(1);
    world.wait(25_000);
    expect(unknown(world)).toBe(0);
    expect(new Set(world.creates()).size).toBe(2);
    expect(world.open().length).toBe(1);
  });

  it('R-UNK-2 asks history, and counts the fill, when the order filled unseen', () => {
    const world = new SmallWorld();
    world.hears = () => false;
    first(world, CREATE, 'reply-lost');
    world.begin();
    world.price(FILL);
    world.wait(15_000);
    expect(ledger(world)).toBe(10);
    expect(world.open()).toMatchObject([{ side: -1 }]);
  });

  it('R-UNK-3 R1 waits for executions that the list shows late, and asks again', () => {
    const world = new SmallWorld(
      {},
      { restExecutions: constant(9_000), wsExecution: constant(20_000) },
    );
    world.begin();
    world.price(FILL);
    world.wait(2_000);
    expect(ledger(world)).toBe(0);
    expect(slot(world)).toBe('ENTRY_PENDING');
    world.wait(12_000);
    expect(ledger(world)).toBe(10);
    world.wait(20_000);
    expect(ledger(world)).toBe(10);
    expect(venue(world)).toBe(10);
  });

  it('R-UNK-4 R3 keeps IN_POSITION when the exit is refused, and tries again after a wait', () => {
    const world = new SmallWorld();
    world.begin();
    first(world, CREATE, { code: 110007 });
    world.price(FILL);
    world.wait(500);
    expect(slot(world)).toBe('IN_POSITION');
    expect(world.creates().length).toBe(2);
    world.wait(2_000);
    expect(slot(world)).toBe('EXIT_PENDING');
    expect(new Set(world.creates()).size).toBe(3);
  });

  it('R-UNK-4 tries again soon when the connection was refused: nothing was sent', () => {
    const world = new SmallWorld();
    first(world, CREATE, 'refused');
    world.begin();
    world.wait(2_000);
    expect(unknown(world)).toBe(0);
    expect(world.open().length).toBe(1);
  });

  it('R4 never halts for an exit that cannot be sent, and sends it when it can', () => {
    const world = new SmallWorld();
    world.begin();
    world.fate = ({ path }) => (path === CREATE ? 'refused' : undefined);
    world.price(FILL);
    world.wait(120_000);
    expect(slot(world)).toBe('IN_POSITION');
    expect(world.session.engine.halted).toBe(false);
    world.fate = () => undefined;
    world.wait(90_000);
    expect(slot(world)).toBe('EXIT_PENDING');
    expect(world.open().length).toBe(1);
  });

  it('R4 stops nothing while the outcome of an exit is unknown', () => {
    const world = new SmallWorld();
    world.begin();
    first(world, CREATE, 'reply-lost');
    world.hears = (topic) => topic === 'execution';
    world.price(FILL);
    world.wait(5_500);
    expect(world.session.engine.halted).toBe(false);
    expect(world.session.engine.caution?.gate.bits).toBe(0);
    expect(world.session.engine.caution?.recovering).toBe(false);
  });

  it('R-UNK-5 R5 never uses an id again after a restart', () => {
    const world = new SmallWorld();
    world.begin();
    world.price(FILL);
    world.wait(500);
    for (let crash = 0; crash < 3; crash += 1) {
      world.crash();
      world.boot();
      world.wait(5_000);
      world.price(START_TICKS - 400);
      world.wait(2_000);
      world.price(START_TICKS - 400 - 1_100);
      world.wait(2_000);
    }
    expect(new Set(world.creates()).size).toBe(world.creates().length);
    expect(ledger(world)).toBe(venue(world));
  });

  it('R-UNK-6 R6 looks an order up whose id the venue knows already', () => {
    const world = new SmallWorld();
    world.hears = () => false;
    world.begin();
    first(world, CREATE, { code: 110072 });
    world.price(FILL);
    world.wait(90_000);
    expect(world.session.engine.ledger.positionSteps).toBe(10);
    expect(world.creates().length).toBe(2);
  });

  it('R-UNK-7 takes an amend for done when a read shows it, and for undone only behind the fence', () => {
    const world = new SmallWorld();
    world.begin();
    first(world, AMEND, 'reply-lost');
    world.candle(START_TICKS, 2_000);
    world.wait(10_000);
    expect(world.open()).toMatchObject([{ priceTicks: START_TICKS - 2_000 }]);
    first(world, AMEND, 'request-lost');
    world.candle(START_TICKS, 3_000);
    world.wait(20_000);
    expect(world.calls.filter(({ path }) => path === AMEND).length).toBe(2);
    world.wait(40_000);
    expect(world.open()).toMatchObject([{ priceTicks: START_TICKS - 3_000 }]);
  });

  it('R-UNK-8 cancels again after a cancel that was lost', () => {
    const world = new SmallWorld();
    world.begin();
    first(world, CANCEL, 'request-lost');
    world.control('halt');
    world.wait(60_000);
    expect(world.open()).toEqual([]);
    expect(world.calls.filter(({ path }) => path === CANCEL).length).toBe(2);
  });

  it('R-UNK-14 takes an acknowledged cancel for accepted, not for done: what fills then counts', () => {
    const world = new SmallWorld();
    world.begin();
    world.fate = ({ path }) => (path === CANCEL ? 'acknowledged-only' : undefined);
    world.control('halt');
    world.wait(500);
    expect(world.open().length).toBe(1);
    expect(world.session.engine.orders.state[0]).toBe(ORDER_ENDING);
    world.price(FILL);
    world.wait(500);
    expect([ledger(world), venue(world)]).toEqual([10, 10]);
    expect(world.alarms).not.toContain('late-fill');
  });

  it('R-UNK-9 R2 counts a fill that comes after the order was believed over, once', () => {
    const world = new SmallWorld();
    world.begin();
    world.hears = () => false;
    world.price(FILL);
    world.control('halt');
    world.wait(30_000);
    expect(ledger(world)).toBe(10);
    expect(venue(world)).toBe(10);
    world.hears = () => true;
    world.wait(100_000);
    expect(ledger(world)).toBe(10);
  });

  it('R-UNK-9 counts the fill of an order that has a successor by then, and says so', () => {
    const world = new SmallWorld();
    world.hears = () => false;
    world.mangle = ({ path }, body) =>
      path.endsWith('/position/list') ? body : { ...(body as object), result: { list: [] } };
    first(world, CREATE, 'reply-lost');
    world.begin();
    world.wait(60_000);
    expect(new Set(world.creates()).size).toBe(2);
    world.hears = (topic) => topic === 'execution';
    world.price(FILL);
    world.wait(500);
    expect(venue(world)).toBe(20);
    expect(ledger(world)).toBe(20);
    expect(world.alarms).toContain('late-fill');
  });

  it('R-UNK-10 takes an acknowledged order that no surface ever shows for one that never was', () => {
    const world = new SmallWorld();
    first(world, CREATE, 'acknowledged-only');
    world.begin();
    expect(world.session.engine.orders.state[0]).toBe(ORDER_LIVE);
    world.wait(30_000);
    expect(world.creates().length).toBe(1);
    world.wait(20_000);
    expect(world.creates().length).toBe(2);
    expect(world.open().length).toBe(1);
  });
});

describe('restart', () => {
  it('R-REC-1 finds the fill of an entry that filled while the process was dead, and places its exit', () => {
    const world = new SmallWorld();
    world.begin();
    world.crash();
    world.price(FILL);
    world.wait(30_000);
    world.boot();
    world.wait(5_000);
    expect(ledger(world)).toBe(10);
    expect(world.open()).toMatchObject([{ side: -1 }]);
  });

  it('R-REC-2 finds a fill again that a late list did not show to the first read', () => {
    const world = new SmallWorld({}, { restExecutions: constant(12_000) });
    world.begin();
    world.crash();
    world.price(FILL);
    world.wait(1_000);
    world.boot();
    world.wait(1_000);
    expect(ledger(world)).toBe(0);
    expect(slot(world)).toBe('RECOVERING');
    world.wait(20_000);
    expect(ledger(world)).toBe(10);
    expect(world.open()).toMatchObject([{ side: -1 }]);
  });

  it('R-REC-3 sends nothing whose intent is not durable: a crash before that leaves no order', () => {
    const world = new SmallWorld();
    world.boot();
    world.wait(2_000);
    world.candle(START_TICKS, 1_000);
    world.crash();
    world.boot();
    world.wait(5_000);
    expect(world.creates()).toEqual([]);
    expect(world.exchange.truth.orders.length).toBe(0);
  });

  it('R-REC-4 reads everything after a gap of the private stream, before any new entry', () => {
    const world = new SmallWorld({ maxLevels: 2 });
    world.begin();
    world.cutStream();
    world.price(FILL);
    world.wait(3_000);
    expect(ledger(world)).toBe(10);
    expect(world.open().length).toBe(2);
  });
});

describe('safe mode', () => {
  it('R-SAF-1 withdraws entries and keeps exits when a person trades by hand, until it is undone', () => {
    const world = new SmallWorld({ maxLevels: 2 });
    world.begin();
    world.price(FILL);
    world.wait(1_000);
    expect(
      world
        .open()
        .map(({ side }) => side)
        .sort(),
    ).toEqual([-1, 1]);
    world.exchange.tradeByHand(world.nowMs, 1, 7);
    world.wait(1_000);
    expect(world.open()).toMatchObject([{ side: -1 }]);
    expect(ledger(world)).toBe(17);
    world.exchange.tradeByHand(world.nowMs, -1, 7);
    world.wait(2_000);
    expect(ledger(world)).toBe(10);
    expect(
      world
        .open()
        .map(({ side }) => side)
        .sort(),
    ).toEqual([-1, 1]);
  });

  it('R-SAF-2 leaves everything at market when told to flatten', () => {
    const world = new SmallWorld();
    world.begin();
    world.price(FILL);
    world.wait(1_000);
    world.control('flatten');
    world.wait(3_000);
    expect(ledger(world)).toBe(0);
    expect(world.open()).toEqual([]);
  });

  it('R-SAF-3 trades again after a halt was lifted', () => {
    const world = new SmallWorld();
    world.begin();
    world.control('halt');
    world.wait(1_000);
    expect(world.open()).toEqual([]);
    world.control('resume');
    world.wait(1_000);
    expect(world.open()).toMatchObject([{ side: 1 }]);
  });
});

describe('orders that no belief holds', () => {
  it('R-UNK-13 sends an exit that was lost again within seconds, under the id it had', () => {
    const world = new SmallWorld();
    world.begin();
    first(world, CREATE, 'request-lost');
    world.price(FILL);
    world.wait(10_000);
    expect(world.creates().length).toBe(3);
    expect(new Set(world.creates()).size).toBe(2);
    expect(world.open()).toMatchObject([{ side: -1 }]);
    expect(unknown(world)).toBe(0);
  });

  it('R-UNK-13 makes no second exit when the first is there and no list shows it yet', () => {
    const late = constant(20_000);
    const world = new SmallWorld({}, { restOpenOrders: late, restOrderHistory: late });
    world.begin();
    world.hears = (topic) => topic !== 'order';
    first(world, CREATE, 'reply-lost');
    world.price(FILL);
    world.wait(12_000);
    expect(new Set(world.creates()).size).toBe(2);
    expect(world.creates().length).toBeGreaterThan(2);
    expect(world.open()).toMatchObject([{ side: -1 }]);
    world.wait(30_000);
    expect(unknown(world)).toBe(0);
    expect(world.open().length).toBe(1);
    expect(new Set(world.creates()).size).toBe(2);
  });

  it('R-UNK-13 takes no from the second request for no word about the first', () => {
    const world = new SmallWorld();
    world.begin();
    let sent = 0;
    world.fate = (call) => {
      if (call.path !== CREATE) return undefined;
      sent += 1;
      return sent === 1 ? 'request-lost' : sent === 2 ? { code: 110007 } : undefined;
    };
    world.price(FILL);
    world.wait(30_000);
    expect(unknown(world)).toBe(1);
    expect(world.creates().length).toBe(3);
    expect(new Set(world.creates()).size).toBe(2);
    world.wait(30_000);
    expect(unknown(world)).toBe(0);
    expect(new Set(world.creates()).size).toBe(3);
    expect(world.open()).toMatchObject([{ side: -1 }]);
  });

  it('R-UNK-13 asks after a restart, and then sends the exit again under the id it had', () => {
    const world = new SmallWorld();
    world.begin();
    first(world, CREATE, 'request-lost');
    world.price(FILL);
    world.wait(2_000);
    world.crash();
    world.boot();
    world.wait(15_000);
    expect(new Set(world.creates()).size).toBe(2);
    expect(world.open()).toMatchObject([{ side: -1 }]);
  });

  it('R-UNK-11 cancels an order of ours that it does not know, and says so', () => {
    const world = new SmallWorld();
    world.begin();
    const linkId = 'ls-test01-0-0-entry-99';
    world.exchange.post(world.nowMs, CREATE, {
      category: 'linear',
      symbol: 'TEST',
      side: 'Buy',
      orderType: 'Limit',
      qty: '0.010',
      price: '40000',
      orderLinkId: linkId,
      positionIdx: 0,
    });
    world.wait(2_000);
    expect(world.open().map((order) => order.linkId)).not.toContain(linkId);
    expect(world.alarms).toContain('order-orphan');
    world.price(FILL);
    world.wait(2_000);
    expect(world.creates().at(-1)).toMatch(/-100$/);
  });
});
