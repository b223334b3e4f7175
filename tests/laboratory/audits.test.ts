import { beforeEach, describe, expect, it } from 'vitest';
import { BookAudit } from '../../src/laboratory/book-audit.ts';
import type { Belief } from '../../src/laboratory/bot.ts';
import { CalmAudit } from '../../src/laboratory/calm-audit.ts';
import { INVERSE, caseOf } from '../../src/laboratory/grid-case.ts';
import { Violation } from '../../src/laboratory/violation.ts';
import { Instrument } from '../../src/engine/instrument.ts';
import type { ExecutionTruth, OrderTruth, Truth } from '../../src/venue/exchange/records.ts';

const LOTS = 5;
const MINUTE = 60_000;
const GRID = caseOf(
  new Instrument(INVERSE),
  { multiplier: 1, takeProfit: 1, maxLevels: 2, qty: LOTS, direction: 'long' },
  {
    levels: 2,
    qtySteps: LOTS,
    hasStops: true,
    startTicks: 500_000,
    volatility: 0.001,
    meanGapMs: 1_000,
    volumeSteps: Infinity,
  },
);

type Books = {
  orders: OrderTruth[];
  executions: ExecutionTruth[];
  positionSteps: number;
  cashMoney: number;
  entryMoney: number;
};

let books: Books;
let audit: BookAudit;
let calm: CalmAudit;

beforeEach(() => {
  books = { orders: [], executions: [], positionSteps: 0, cashMoney: 0, entryMoney: 0 };
  const truth = books as unknown as Truth;
  audit = new BookAudit(truth, GRID, new Map());
  calm = new CalmAudit(truth, audit, GRID, { fromMs: 0, wantedFromMs: 0 });
});

function put(slot: number, role: string, given: Partial<OrderTruth> = {}): OrderTruth {
  const index = books.orders.length;
  const order = {
    index,
    orderId: `venue-${index}`,
    orderLinkId: `ls-labora-${slot}-0-${role}-${index + 1}`,
    parentLinkId: '',
    stopOrderType: '',
    side: role === 'entry' ? 1 : -1,
    orderType: 'Limit',
    status: 'New',
    qtySteps: LOTS,
    filledSteps: 0,
    createdMs: 0,
    ...given,
  } as OrderTruth;
  books.orders.push(order);
  return order;
}

function fill(order: OrderTruth, timeMs: number, qtySteps = LOTS): void {
  const { orderId, orderLinkId, side } = order;
  order.filledSteps += qtySteps;
  if (order.filledSteps === order.qtySteps) order.status = 'Filled';
  books.positionSteps += side * qtySteps;
  const execution = { execType: 'Trade', orderId, orderLinkId, side, qtySteps, timeMs };
  books.executions.push(execution as ExecutionTruth);
}

/** Belief that agrees with the books, but for what is given. */
function belief(given: Partial<Belief> = {}): Belief {
  return {
    positionSteps: books.positionSteps,
    cashMoney: books.cashMoney,
    entryMoney: books.entryMoney,
    unknownOrders: 0,
    isTrading: true,
    says: '',
    slotSteps: (slot) => audit.slotSteps[slot] ?? 0,
    knowsOrder: () => true,
    ...given,
  };
}

function ruleOf(act: () => void): string {
  try {
    act();
    return 'kept';
  } catch (error) {
    if (error instanceof Violation) return error.rule;
    throw error;
  }
}

/** The first rule that any look breaks, of one every five seconds. */
function calmRule(fromMs: number, untilMs: number, given: Partial<Belief> = {}): string {
  for (let nowMs = fromMs; nowMs <= untilMs; nowMs += 5_000) {
    const rule = ruleOf(() => calm.look(nowMs, belief(given)));
    if (rule !== 'kept') return rule;
  }
  return 'kept';
}

const look = (): string => ruleOf(() => audit.look());

describe('the auditor of the books', () => {
  it('S1 sees entries that together may fill beyond the maximum', () => {
    fill(put(0, 'entry'), 1);
    put(1, 'entry');
    expect(look()).toBe('kept');
    put(2, 'entry', { qtySteps: 1 });
    expect(look()).toBe('S1');
  });

  it('S2 sees two live entries of one level', () => {
    const first = put(0, 'entry');
    first.status = 'Cancelled';
    put(0, 'entry');
    expect(look()).toBe('kept');
    put(0, 'entry', { qtySteps: 1 });
    expect(look()).toBe('S2');
  });

  it('S5 sees exits beyond the position, and an attached one that closes what its level has not', () => {
    fill(put(0, 'entry'), 1);
    put(0, 'exit');
    put(0, 'stop', { orderType: 'Market', status: 'Untriggered' });
    expect(look()).toBe('kept');
    const parentLinkId = 'ls-labora-1-0-entry-9';
    const stopOrderType = 'PartialTakeProfit';
    fill(put(1, 'exit', { orderLinkId: '', parentLinkId, stopOrderType }), 2);
    expect(look()).toBe('S5');
    books.orders.length = 1;
    audit = new BookAudit(books as unknown as Truth, GRID, new Map());
    put(0, 'exit');
    put(1, 'exit', { qtySteps: 1 });
    expect(look()).toBe('S5');
  });

  it('S5 lets an own stop win its race for a minute, and no longer', () => {
    fill(put(0, 'entry'), 1);
    fill(put(1, 'entry'), 1);
    const stop = put(0, 'stop', { orderType: 'Market', status: 'Untriggered', qtySteps: 2 * LOTS });
    fill(put(0, 'exit'), 2);
    expect(look()).toBe('kept');
    fill(stop, 2 + MINUTE, 1);
    expect(look()).toBe('S5');
  });
});

describe('the auditor of the calm', () => {
  function holding(): void {
    fill(put(0, 'entry'), 1_000);
    put(0, 'exit');
    put(1, 'entry');
    audit.look();
  }

  it('keeps quiet where ledger, exchange and orders agree', () => {
    holding();
    expect(calmRule(0, 40 * MINUTE)).toBe('kept');
    expect(ruleOf(() => calm.end(belief()))).toBe('kept');
  });

  it('S3 S9 holds ledger and cash against the exchange at the end, to the unit', () => {
    holding();
    expect(ruleOf(() => calm.end(belief({ positionSteps: 0 })))).toBe('S3');
    expect(ruleOf(() => calm.end(belief({ cashMoney: 1 })))).toBe('S9');
  });

  it('S4 sees a ledger, or levels, that differ after two minutes', () => {
    holding();
    expect(calmRule(0, 115_000, { positionSteps: 0 })).toBe('kept');
    expect(calmRule(125_000, 125_000, { positionSteps: 0 })).toBe('S4');
    expect(calmRule(125_000, 125_000, { slotSteps: () => LOTS })).toBe('S4');
  });

  it('S6 sees an order of ours that is not known', () => {
    holding();
    expect(calmRule(0, 3 * MINUTE, { knowsOrder: () => false })).toBe('S6');
  });

  it('L1 sees what stays unknown for more than a minute', () => {
    expect(calmRule(0, MINUTE, { unknownOrders: 1 })).toBe('kept');
    expect(calmRule(MINUTE + 5_000, MINUTE + 5_000, { unknownOrders: 1 })).toBe('L1');
  });

  it('L2 sees a fill that is not in the ledger five seconds later', () => {
    holding();
    calmRule(0, 5 * MINUTE);
    const exit = books.orders[1];
    if (exit === undefined) throw new Error('no exit');
    fill(exit, 5 * MINUTE);
    audit.look();
    const positionSteps = LOTS;
    expect(calmRule(5 * MINUTE + 4_000, 5 * MINUTE + 4_000, { positionSteps })).toBe('kept');
    expect(calmRule(5 * MINUTE + 5_000, 5 * MINUTE + 5_000, { positionSteps })).toBe('L2');
  });

  it('L3 sees a level that has no way out for ten minutes', () => {
    fill(put(0, 'entry'), 1_000);
    put(1, 'entry');
    audit.look();
    expect(calmRule(0, 9 * MINUTE)).toBe('kept');
    expect(calmRule(9 * MINUTE, 13 * MINUTE)).toBe('L3');
  });

  it('L4 sees a bot that does not trade again within half a minute of its start', () => {
    holding();
    calmRule(0, 5 * MINUTE);
    calm.restarted(5 * MINUTE);
    const idle = { isTrading: false };
    expect(calmRule(5 * MINUTE, 5 * MINUTE + 25_000, idle)).toBe('kept');
    expect(calmRule(5 * MINUTE + 30_000, 5 * MINUTE + 30_000, idle)).toBe('L4');
  });

  it('L5 sees an entry that outlives a halt, and exits that do not', () => {
    holding();
    calmRule(0, 5 * MINUTE);
    calm.halted(5 * MINUTE);
    const [halted, [, exit, entry]] = [{ isTrading: false }, books.orders];
    if (exit === undefined || entry === undefined) throw new Error('no such orders');
    expect(calmRule(5 * MINUTE, 6 * MINUTE, halted)).toBe('L5');
    entry.status = 'Cancelled';
    expect(calmRule(5 * MINUTE, 7 * MINUTE, halted)).toBe('kept');
    exit.status = 'Cancelled';
    expect(calmRule(5 * MINUTE, 6 * MINUTE, halted)).toBe('kept');
    expect(calmRule(6 * MINUTE, 7 * MINUTE, halted)).toBe('L5');
  });
});
