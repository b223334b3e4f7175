import {
  AUDIT_AMENDED,
  AUDIT_AMEND_SENT,
  AUDIT_ANSWER_KNOWN,
} from '../../src/brokers/simulated/audit-log.ts';
import { MESSAGE_AMEND } from '../../src/brokers/simulated/messages.ts';
import { Simulation } from '../../src/brokers/simulated/simulation.ts';
import type { Walk } from '../../src/brokers/simulated/row-search.ts';
import type { Ledger } from '../../src/engine/ledger.ts';
import type { AnyStrategy, StrategySetup } from '../../src/engine/strategy.ts';
import type { WalkCase } from './cases.ts';
import { guarded } from './guard.ts';
import type { Guard } from './guard.ts';

/** Rows of plain numbers under a name; a table of single numbers has one row. */
export type Table = {
  readonly name: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly number[])[];
};

/** All that a run leaves behind and its walk must not change; after an error, what it wrote down. */
export type Outcome = { readonly tables: readonly Table[]; readonly error: string | undefined };

export type Walked = { readonly outcome: Outcome; readonly simulation: Simulation };

/** Runs a case under one walk; a sweep keeps no rows of orders' lives and reasons. */
export function walk(test: WalkCase, name: Walk, keepsRows = true): Walked {
  const guard = guarded(test.choice.strategy);
  const { before } = test;
  const simulation = simulationOf(test, name, guard.strategy, keepsRows);
  // Only one walk runs something else before: what that left behind would make a difference.
  if (before !== undefined && name === 'skip') runGuarded(simulation, guard, before.setup);
  const error = runGuarded(simulation, guard, test.choice.setup);
  return { simulation, outcome: outcomeOf(simulation, error) };
}

export function simulationOf(
  test: WalkCase,
  name: Walk,
  strategy: AnyStrategy,
  keepsRows = true,
): Simulation {
  const { world, series, choice, before } = test;
  const options = { keepsRows, walk: name };
  return new Simulation(world, series, strategy, (before ?? choice).setup, options);
}

export function outcomeOf(simulation: Simulation, error: string | undefined): Outcome {
  const logs = logTables(simulation);
  return { tables: error === undefined ? [...logs, ...endTables(simulation)] : logs, error };
}

/** The message of what stopped the run, a loop for example. */
function runGuarded(
  simulation: Simulation,
  guard: Guard,
  setup: StrategySetup<unknown>,
): string | undefined {
  guard.reset();
  try {
    simulation.run(setup);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return undefined;
}

/** The same outcome without the amends that went out while an order rested. */
export function withoutAmends(outcome: Outcome): Outcome {
  const tables = outcome.tables.map((table) =>
    table.name === 'audit'
      ? { ...table, rows: table.rows.filter((row) => !isOfAmend(row)) }
      : table,
  );
  return { ...outcome, tables };
}

function isOfAmend([type, , , , request]: readonly number[]): boolean {
  if (type === AUDIT_ANSWER_KNOWN) return request === MESSAGE_AMEND;
  return type === AUDIT_AMENDED || type === AUDIT_AMEND_SENT;
}

/** What is left when no rows were kept. */
export function withoutRows(outcome: Outcome): Outcome {
  const tables = outcome.tables.filter(({ name }) => name !== 'audit' && name !== 'reasons');
  return { ...outcome, tables };
}

function logTables(simulation: Simulation): Table[] {
  const { audit, engine } = simulation;
  return [
    fillTable(simulation),
    {
      name: 'audit',
      columns: ['type', 'timeMs', 'orderId', 'a', 'b', 'c', 'd', 'e', 'f'],
      rows: audit.list().map((row) => [row.type, row.timeMs, row.orderId, ...row.values]),
    },
    {
      name: 'reasons',
      columns: ['slot', 'code', 'fromMs', 'untilMs', 'price', 'lastFill', 'spacing', 'level'],
      rows: engine.reasons.list().map((row) => Object.values(row)),
    },
  ];
}

function endTables(simulation: Simulation): Table[] {
  const { engine, venue } = simulation;
  const { reasons, slots } = engine;
  return [
    { name: 'ms in each state', columns: [], rows: [[...slots.stateMs]] },
    { name: 'ms for each reason', columns: [], rows: [[...reasons.totalMs]] },
    ledgerTable('venue ledger', venue.ledger),
    ledgerTable('engine ledger', engine.ledger),
    {
      name: 'run',
      columns: ['orders sent', 'liquidatedAtMs', 'settlements', 'booked', 'liquidationLevel'],
      rows: [
        [
          engine.orders.attempts,
          simulation.liquidatedAtMs(),
          venue.account.settlements,
          venue.account.bookedSettlements,
          venue.account.liquidationLevel,
        ],
      ],
    },
    viewTable(simulation),
    slotTable(simulation),
    orderTable(simulation),
    bookTable(simulation),
  ];
}

function fillTable({ fills }: Simulation): Table {
  const row = (i: number): number[] => [
    fills.timeMs[i] ?? NaN,
    fills.orderId[i] ?? NaN,
    fills.slot[i] ?? NaN,
    fills.role[i] ?? NaN,
    fills.side[i] ?? NaN,
    fills.priceTicks[i] ?? NaN,
    fills.qtySteps[i] ?? NaN,
    fills.maker[i] ?? NaN,
    fills.fee[i] ?? NaN,
  ];
  return {
    name: 'fills',
    columns: ['timeMs', 'orderId', 'slot', 'role', 'side', 'price', 'qty', 'maker', 'fee'],
    rows: Array.from({ length: fills.count }, (_, i) => row(i)),
  };
}

function ledgerTable(name: string, ledger: Ledger): Table {
  const { positionSteps, entryValue, realised, fees, funding } = ledger;
  return {
    name,
    columns: ['positionSteps', 'entryValue', 'realised', 'fees', 'funding'],
    rows: [[positionSteps, entryValue, realised, fees, funding]],
  };
}

/**
 * What the strategy could see at the end. The ms and the known price of the last delivery are left
 * out: a walk that need not deliver something has a last delivery before that. For the same reason
 * what only candle closes set is left out; orders show whether those were right.
 */
function viewTable({ engine }: Simulation): Table {
  const { view } = engine;
  return {
    name: 'view',
    columns: [
      ...['ready', 'firstPrice', 'warmupClose', 'lastFill', 'lastFillMs', 'lastStopMs'],
      ...['position', 'equity', 'halted'],
    ],
    rows: [
      [
        ...[Number(view.ready), view.firstPriceTicks, view.warmupCloseTicks, view.lastFillTicks],
        ...[view.lastFillMs, view.lastStopMs, view.positionSteps, view.equityMoney],
        Number(engine.halted),
      ],
    ],
  };
}

function slotTable({ engine }: Simulation): Table {
  const { view, slots } = engine;
  const count = view.indicators.length;
  const entryValues = Array.from({ length: count }, (_, i) => `entryIndicator${i}`);
  return {
    name: 'slots',
    columns: [
      ...['state', 'side', 'qty', 'entry', 'entryMs', 'stopTriggered', 'cycle', 'reason'],
      ...entryValues,
    ],
    rows: Array.from({ length: view.slotCount }, (_, slot) => [
      slots.slotState[slot] ?? NaN,
      view.slotSide[slot] ?? NaN,
      view.slotQty[slot] ?? NaN,
      view.slotEntryTicks[slot] ?? NaN,
      view.slotEntryMs[slot] ?? NaN,
      view.slotStopTriggered[slot] ?? NaN,
      slots.slotCycle[slot] ?? NaN,
      slots.slotReason[slot] ?? NaN,
      ...view.slotEntryIndicators.subarray(slot * count, (slot + 1) * count),
    ]),
  };
}

/** The engine's belief about its orders. */
function orderTable({ engine }: Simulation): Table {
  const { orders, view } = engine;
  return {
    name: 'orders',
    columns: [
      ...['state', 'id', 'kind', 'side', 'asked', 'askedSteps', 'standing', 'standingSteps'],
      ...['filled', 'endFilled', 'failures', 'retryAtMs', 'marketSentMs', 'alive', 'sentMs'],
    ],
    rows: Array.from({ length: orders.keyCount }, (_, key) => [
      orders.state[key] ?? NaN,
      orders.id[key] ?? NaN,
      orders.kind[key] ?? NaN,
      orders.side[key] ?? NaN,
      orders.askedTicks[key] ?? NaN,
      orders.askedSteps[key] ?? NaN,
      orders.standingTicks[key] ?? NaN,
      orders.standingSteps[key] ?? NaN,
      orders.filledSteps[key] ?? NaN,
      orders.endFilledSteps[key] ?? NaN,
      orders.failures[key] ?? NaN,
      orders.retryAtMs[key] ?? NaN,
      orders.marketSentMs[key] ?? NaN,
      view.orderAlive[key] ?? NaN,
      view.orderSentMs[key] ?? NaN,
    ]),
  };
}

/** Orders at the exchange in the order of their rank; how large a rank is means nothing. */
function bookTable({ venue }: Simulation): Table {
  const { book } = venue;
  const rows = Array.from({ length: book.count }, (_, at) => at);
  rows.sort((a, b) => (book.rank[a] ?? 0) - (book.rank[b] ?? 0));
  return {
    name: 'book, by rank',
    columns: ['id', 'kind', 'side', 'price', 'qty', 'filled', 'reduceOnly', 'postOnly', 'waiting'],
    rows: rows.map((at) => [
      book.id[at] ?? NaN,
      book.kind[at] ?? NaN,
      book.side[at] ?? NaN,
      book.price[at] ?? NaN,
      book.qty[at] ?? NaN,
      book.filled[at] ?? NaN,
      book.reduceOnly[at] ?? NaN,
      book.postOnly[at] ?? NaN,
      book.waiting[at] ?? NaN,
    ]),
  };
}
