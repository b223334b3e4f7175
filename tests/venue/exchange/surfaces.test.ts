import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodePrivateFrame } from '../../../src/brokers/bybit/wire/private-frame.ts';
import { decodeReply } from '../../../src/brokers/bybit/wire/reply.ts';
import { allSurfaces } from '../../../src/venue/exchange/options.ts';
import type { SurfaceDelays } from '../../../src/venue/exchange/options.ts';
import { INVERSE, LINEAR, Rig, START_MS } from './rig.ts';
import type { Row } from './rig.ts';

const SLOW: SurfaceDelays = {
  ...allSurfaces({ type: 'uniform', fromMs: 2, toMs: 50 }),
  restOpenOrders: { type: 'uniform', fromMs: 0, toMs: 200 },
  restOrderHistory: { type: 'uniform', fromMs: 0, toMs: 5_000 },
  restExecutions: { type: 'uniform', fromMs: 0, toMs: 1_000 },
};

type Step =
  | { do: 'create'; side: 'Buy' | 'Sell'; ticks: number; steps: number; how: number }
  | { do: 'amend'; which: number; ticks: number; steps: number }
  | { do: 'cancel'; which: number; afterMs: number }
  | { do: 'move'; ticks: number }
  | { do: 'read'; afterMs: number };

const side = fc.constantFrom<('Buy' | 'Sell')[]>('Buy', 'Sell');
const ticks = fc.integer({ min: 499_900, max: 500_100 });
const steps = fc.integer({ min: 1, max: 9 });
const which = fc.nat(20);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant('create' as const), side, ticks, steps, how: fc.nat(8) }),
  fc.record({ do: fc.constant('amend' as const), which, ticks, steps }),
  fc.record({ do: fc.constant('cancel' as const), which, afterMs: fc.nat(8) }),
  fc.record({ do: fc.constant('move' as const), ticks }),
  fc.record({ do: fc.constant('read' as const), afterMs: fc.nat(3_000) }),
);

/** Ways to ask for an order. */
function more(how: number, price: string): Record<string, unknown> {
  const away = Number(price);
  const shapes: Record<string, unknown>[] = [
    {},
    { timeInForce: 'PostOnly' },
    { orderType: 'Market' },
    { reduceOnly: true },
    { tpslMode: 'Partial', takeProfit: (away + 30).toFixed(1), stopLoss: (away - 30).toFixed(1) },
    { orderType: 'Market', triggerPrice: price, triggerDirection: 1 },
    { timeInForce: 'IOC' },
    { tpslMode: 'Full', takeProfit: (away + 20).toFixed(1), slTriggerBy: 'MarkPrice' },
    { triggerPrice: price, triggerDirection: 2, triggerBy: 'MarkPrice', reduceOnly: true },
  ];
  return shapes[how] ?? {};
}

function play(rig: Rig, plan: readonly Step[], look: (rig: Rig) => void): void {
  for (const move of plan) {
    const price = (value: number): string => (value / 10).toFixed(1);
    switch (move.do) {
      case 'create': {
        const limit = price(move.ticks);
        const qty = (move.steps / 10).toFixed(1);
        rig.create(
          { side: move.side, price: limit, qty, ...more(move.how, limit) },
          rig.later(150),
        );
        break;
      }
      case 'amend': {
        const qty = (move.steps / 10).toFixed(1);
        const body = { orderLinkId: `t-${move.which}`, price: price(move.ticks), qty };
        rig.post('/v5/order/amend', body, rig.later(150));
        break;
      }
      case 'cancel':
        rig.post('/v5/order/cancel', { orderLinkId: `t-${move.which}` }, rig.later(move.afterMs));
        break;
      case 'move':
        rig.exchange.movePrice(rig.later(10), move.ticks, move.ticks, move.ticks, 1_000);
        break;
      case 'read':
        rig.later(move.afterMs);
        break;
    }
    look(rig);
  }
}

const world = {
  delays: SLOW,
  execution: { halfSpreadTicks: 0.5, slippageBps: 1, throughTicks: 1, participation: 0.5 },
};
const plans = fc.array(step, { minLength: 30, maxLength: 120, size: 'max' });

const OPEN: readonly string[] = ['New', 'PartiallyFilled', 'Untriggered', 'Triggered'];

/** Every page of a list, with the limit of one page. */
function pages(rig: Rig, path: string, limit: number, query: Record<string, unknown> = {}): Row[] {
  const all: Row[] = [];
  for (let cursor = ''; ;) {
    const { result } = rig.get(path, { limit, cursor, ...query }, rig.later(25));
    all.push(...(result['list'] as Row[]));
    cursor = result['nextPageCursor'] as string;
    if (cursor === '') return all;
    expect(cursor).toContain('%');
  }
}

describe('surfaces', () => {
  it('R-VEN-20 show nothing before it happened and everything in the end, each on its own', () => {
    fc.assert(
      fc.property(plans, (plan) => {
        const rig = new Rig(world);
        const filled = new Map<string, number>();
        play(rig, plan, () => {
          const { truth } = rig.exchange;
          const known = new Set(truth.executions.map((execution) => execution.execId));
          for (const row of rig.rows('/v5/execution/list', { limit: 100 }))
            expect(known.has(row['execId'] ?? '')).toBe(true);
          for (const row of rig.rows('/v5/order/realtime', { limit: 50 })) {
            const id = row['orderId'] ?? '';
            const seen = Number(row['cumExecQty']);
            const order = truth.orders.find((candidate) => candidate.orderId === id);
            expect(seen).toBeGreaterThanOrEqual(filled.get(id) ?? 0);
            expect(seen).toBeLessThanOrEqual((order?.filledSteps ?? 0) / 1_000);
            filled.set(id, seen);
          }
        });
        rig.later(10_000);
        const { truth } = rig.exchange;
        const executions = pages(rig, '/v5/execution/list', 100).reverse();
        expect(executions.map((row) => row['execId'])).toEqual(
          truth.executions.map((execution) => execution.execId),
        );
        const held = Number(rig.rows('/v5/position/list')[0]?.['size']);
        expect(held).toBeCloseTo(Math.abs(truth.positionSteps) / 1_000, 9);
        const history = pages(rig, '/v5/order/history', 50);
        const open = pages(rig, '/v5/order/realtime', 50);
        expect(history.length + open.length).toBe(truth.orders.length);
        for (const row of [...history, ...open]) {
          const order = truth.orders.find((candidate) => candidate.orderId === row['orderId']);
          expect(row['orderStatus']).toBe(order?.status);
          expect(Number(row['cumExecQty'])).toBeCloseTo((order?.filledSteps ?? 0) / 1_000, 9);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('R-VEN-12 R-VEN-13 no exit ever outgrows or outlives the position', () => {
    let fills = 0;
    fc.assert(
      fc.property(plans, (plan) => {
        const rig = new Rig({ execution: world.execution });
        play(rig, plan, () => {
          const { truth } = rig.exchange;
          const open = truth.orders.filter((order) => OPEN.includes(order.status));
          const resting = open.filter(
            (order) => order.reduceOnly && order.status !== 'Untriggered',
          );
          const sum = resting.reduce(
            (total, order) => total + order.qtySteps - order.filledSteps,
            0,
          );
          expect(sum).toBeLessThanOrEqual(Math.abs(truth.positionSteps));
          const attached = open.filter((order) => order.stopOrderType.endsWith('TakeProfit'));
          if (truth.positionSteps === 0) expect(attached).toEqual([]);
          for (const order of attached) expect(order.side * truth.positionSteps).toBeLessThan(0);
        });
        fills += rig.exchange.truth.executions.length;
        const { executions, positionSteps } = rig.exchange.truth;
        const total = executions.reduce((steps, row) => steps + row.side * row.qtySteps, 0);
        expect(positionSteps).toBe(total);
      }),
      { numRuns: 80, seed: 11 },
    );
    expect(fills).toBeGreaterThan(200);
  });

  it('R-VEN-21 keeps the order of each topic, and says in it how every order ended', () => {
    fc.assert(
      fc.property(plans, (plan) => {
        const rig = new Rig(world);
        play(rig, plan, () => undefined);
        rig.later(10_000);
        const frames = rig.frames();
        const { truth } = rig.exchange;
        const executions = frames.filter(({ topic }) => topic === 'execution');
        expect(executions.map(({ row }) => row['execId'])).toEqual(
          truth.executions.map((execution) => execution.execId),
        );
        const last = new Map<string, Row>();
        for (const { topic, row } of frames)
          if (topic === 'order') last.set(row['orderId'] ?? '', row);
        for (const order of truth.orders)
          expect(last.get(order.orderId)).toMatchObject({ orderStatus: order.status });
      }),
      { numRuns: 40 },
    );
  });

  it.each([LINEAR, INVERSE])(
    'R-VEN-22 speak the shapes that the decoders of the live side accept',
    (instrument) => {
      const qty = instrument.inverse ? '100' : '0.1';
      const rig = new Rig({ instrument, funding: { everyMs: 60_000, rate: '0.0001' } });
      rig.buy(qty, { takeProfit: '51000.0', stopLoss: '49000.0', tpslMode: 'Partial' });
      rig.create({ qty, price: '49990.0' });
      rig.create({ qty, price: '49990.0', timeInForce: 'IOC' });
      rig.create({ qty, orderType: 'Market', triggerPrice: '50100.0', triggerDirection: 1 });
      rig.post('/v5/order/cancel', { orderLinkId: 't-2' });
      rig.exchange.advance(rig.later(60_000));
      rig.price(510_000);
      const problems: string[] = [];
      while (rig.exchange.nextFrameMs() <= rig.nowMs) {
        const decoded = decodePrivateFrame(rig.exchange.takeFrame().body, instrument);
        if (!decoded.ok) problems.push(...decoded.problems);
      }
      for (const path of [
        '/v5/order/realtime',
        '/v5/order/history',
        '/v5/execution/list',
        '/v5/position/list',
        '/v5/account/wallet-balance',
        '/v5/account/transaction-log',
      ]) {
        const decoded = decodeReply(path, rig.get(path), instrument);
        if (!decoded.ok) problems.push(...decoded.problems);
      }
      expect(problems).toEqual([]);
    },
  );

  it('R-VEN-23 pages tile the list exactly, whatever is added meanwhile', () => {
    const rig = new Rig();
    for (let n = 0; n < 45; n += 1) rig.create({ price: '49000', qty: '0.001' });
    const seen: string[] = [];
    for (let cursor = ''; ;) {
      const { result } = rig.get('/v5/order/realtime', { limit: 10, cursor });
      seen.push(...(result['list'] as Row[]).map((row) => row['orderLinkId'] ?? ''));
      cursor = result['nextPageCursor'] as string;
      if (cursor === '') break;
      rig.create({ price: '49000', qty: '0.001' });
    }
    expect(seen).toEqual(Array.from({ length: 45 }, (_, n) => `t-${45 - n}`));
    expect(rig.get('/v5/order/realtime', { cursor: 'mine' }).retCode).toBe(10001);
    expect(rig.rows('/v5/order/realtime', { limit: 500 })).toHaveLength(49);
  });

  it('R-VEN-24 keeps 500 closed orders in order/realtime until the service restarts', () => {
    const rig = new Rig();
    for (let n = 0; n < 501; n += 1) {
      rig.create({ price: '49000', qty: '0.001' });
      rig.post('/v5/order/cancel', { orderLinkId: `t-${n + 1}` });
    }
    const recent = (): number => pages(rig, '/v5/order/realtime', 50, { openOnly: 1 }).length;
    const found = (orderLinkId: string): number =>
      rig.rows('/v5/order/realtime', { orderLinkId }).length;
    expect([recent(), found('t-1'), found('t-2')]).toEqual([500, 0, 1]);
    rig.exchange.restart(rig.later());
    expect([recent(), found('t-501')]).toEqual([0, 0]);
    expect(rig.rows('/v5/order/history', { orderLinkId: 't-501' })).toHaveLength(1);
  });

  it('R-VEN-25 a stalled surface shows until then what it showed, the others go on', () => {
    const rig = new Rig();
    rig.create({ price: '49990' });
    rig.exchange.stall('restExecutions', START_MS + 60_000);
    rig.exchange.stall('wsExecution', START_MS + 60_000);
    rig.price(499_000);
    expect(rig.order('t-1')).toMatchObject({ orderStatus: 'Filled' });
    expect(rig.rows('/v5/execution/list')).toEqual([]);
    expect(rig.frames().map(({ topic }) => topic)).not.toContain('execution');
    rig.later(60_000);
    expect(rig.rows('/v5/execution/list')).toHaveLength(1);
    expect(rig.frames().map(({ topic }) => topic)).toContain('execution');
  });

  it('R-VEN-26 the same seed and calls give the same bytes', () => {
    const bytes = (seed: number): string => {
      const rig = new Rig({ ...world, seed });
      const plan = fc.sample(step, { seed: 5, numRuns: 80 });
      play(rig, plan, () => undefined);
      rig.later(10_000);
      return JSON.stringify([rig.frames(), rig.rows('/v5/order/history', { limit: 50 })]);
    };
    expect(bytes(1)).toBe(bytes(1));
    expect(bytes(1)).not.toBe(bytes(2));
  });
});
