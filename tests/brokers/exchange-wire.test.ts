import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Decoded } from '../../src/brokers/bybit/wire/decoded.ts';
import { formatLinkId } from '../../src/brokers/bybit/wire/link-id.ts';
import { decodePrivateFrame } from '../../src/brokers/bybit/wire/private-frame.ts';
import {
  queryExecutions,
  queryOpenOrders,
  queryOrder,
  queryPosition,
  queryTransactions,
  queryWallet,
} from '../../src/brokers/bybit/wire/queries.ts';
import type { ExecutionRecord, OrderRecord } from '../../src/brokers/bybit/wire/records.ts';
import { decodeReply } from '../../src/brokers/bybit/wire/reply.ts';
import type { Result } from '../../src/brokers/bybit/wire/reply.ts';
import {
  encodeAmend,
  encodeCancel,
  encodeCancelAll,
  encodeCreate,
} from '../../src/brokers/bybit/wire/requests.ts';
import type { NewOrder, WireRequest } from '../../src/brokers/bybit/wire/requests.ts';
import type { Instrument } from '../../src/engine/instrument.ts';
import { BUY, MS_PER_HOUR, SELL } from '../../src/engine/units.ts';
import { INVERSE, LINEAR, Rig, START_MS } from '../venue/exchange/rig.ts';

/** A bot's side of the wire: what it sends is encoded, what it hears is decoded, or it throws. */
class Client {
  readonly rig: Rig;
  readonly instrument: Instrument;
  readonly fills = new Map<string, ExecutionRecord>();
  readonly orders = new Map<string, OrderRecord>();
  #sent = 0;

  constructor(instrument: Instrument) {
    this.instrument = instrument;
    const funding = { everyMs: MS_PER_HOUR, rate: '0.0001' };
    this.rig = new Rig({ instrument, funding });
  }

  ask({ method, path, params }: WireRequest): Result | { readonly kind: 'code' } {
    const envelope = method === 'GET' ? this.rig.get(path, params) : this.rig.post(path, params);
    const body: unknown = JSON.parse(JSON.stringify(envelope));
    const { result } = valueOf(decodeReply(path, body, this.instrument));
    this.listen();
    return result;
  }

  place(order: Omit<NewOrder, 'linkId'>): void {
    this.#sent += 1;
    const id = { deployment: 'demo01', slot: 0, cycle: 1, role: 0, attempt: this.#sent };
    this.ask(encodeCreate({ ...order, linkId: formatLinkId(id) }, this.instrument));
  }

  listen(): void {
    while (this.rig.exchange.nextFrameMs() <= this.rig.nowMs) {
      const body: unknown = JSON.parse(JSON.stringify(this.rig.exchange.takeFrame().body));
      this.#hear(valueOf(decodePrivateFrame(body, this.instrument)));
    }
  }

  /** Every page of a list. */
  all<K extends Result['kind']>(kind: K, page: (cursor: string) => WireRequest): Rows<K> {
    const rows: unknown[] = [];
    let cursor = '';
    do {
      const result = this.ask(page(cursor));
      if (result.kind !== kind || !('records' in result))
        throw new Error(`no ${kind}: ${result.kind}`);
      rows.push(...result.records);
      cursor = 'nextCursor' in result ? result.nextCursor : '';
    } while (cursor !== '');
    return rows as Rows<K>;
  }

  #hear(frame: ReturnType<typeof decodePrivateFrame> extends Decoded<infer F> ? F : never): void {
    if (frame.kind === 'orders')
      for (const order of frame.records) this.orders.set(order.orderId, order);
    if (frame.kind === 'executions')
      for (const fill of frame.records) this.fills.set(fill.execId, fill);
  }
}

type Rows<K> = Extract<Result, { kind: K }> extends { records: infer R } ? R : never;

function valueOf<T>(decoded: Decoded<T>): T {
  if (!decoded.ok) throw new Error(decoded.problems.join('; '));
  return decoded.value;
}

function positionOf(fills: Iterable<ExecutionRecord>): number {
  let steps = 0;
  for (const fill of fills) if (fill.execType !== 'Funding') steps += fill.side * fill.qtySteps;
  return steps;
}

const side = fc.constantFrom(BUY, SELL);
const offsetTicks = fc.integer({ min: -3_000, max: 3_000 });
const action = fc.oneof(
  fc.record({ do: fc.constant('limit' as const), side, offsetTicks, postOnly: fc.boolean() }),
  fc.record({ do: fc.constant('attached' as const), side, offsetTicks }),
  fc.record({ do: fc.constant('market' as const), side, reduceOnly: fc.boolean() }),
  fc.record({ do: fc.constant('stop' as const), side, offsetTicks, reduceOnly: fc.boolean() }),
  fc.record({ do: fc.constant('amend' as const), pick: fc.nat(), offsetTicks }),
  fc.record({ do: fc.constant('cancel' as const), pick: fc.nat() }),
  fc.record({ do: fc.constant('cancelAll' as const) }),
  fc.record({ do: fc.constant('move' as const), offsetTicks }),
  fc.record({ do: fc.constant('crash' as const), share: fc.constantFrom(0.8, 1.25) }),
  fc.record({ do: fc.constant('wait' as const) }),
  fc.record({ do: fc.constant('adl' as const) }),
  fc.record({ do: fc.constant('byHand' as const), side }),
);
type Action = typeof action extends fc.Arbitrary<infer A> ? A : never;

const QTY_STEPS = 5_000;

function play(client: Client, move: Action): void {
  const { rig } = client;
  const { exchange } = rig;
  const near = 'offsetTicks' in move ? exchange.lastTicks + move.offsetTicks : 0;
  const known = [...client.orders.values()];
  const picked = 'pick' in move ? known[move.pick % Math.max(1, known.length)] : undefined;
  switch (move.do) {
    case 'limit': {
      const what = { kind: 'Limit', priceTicks: near, postOnly: move.postOnly } as const;
      return client.place({ side: move.side, qtySteps: QTY_STEPS, reduceOnly: false, what });
    }
    case 'attached': {
      const what = { kind: 'Limit', priceTicks: near, postOnly: false } as const;
      const exits = {
        takeProfitTicks: near + move.side * 2_000,
        stopLossTicks: near - move.side * 2_000,
      };
      return client.place({
        side: move.side,
        qtySteps: QTY_STEPS,
        reduceOnly: false,
        what,
        ...exits,
      });
    }
    case 'market': {
      const { reduceOnly } = move;
      return client.place({
        side: move.side,
        qtySteps: QTY_STEPS,
        reduceOnly,
        what: { kind: 'Market' },
      });
    }
    case 'stop': {
      const what = { kind: 'StopMarket', triggerTicks: near } as const;
      const { reduceOnly } = move;
      return client.place({ side: move.side, qtySteps: QTY_STEPS, reduceOnly, what });
    }
    case 'amend': {
      if (picked === undefined || picked.orderLinkId === '') return;
      const stop = picked.triggerTicks > 0;
      const to = { linkId: picked.orderLinkId, priceTicks: near, qtySteps: QTY_STEPS, stop };
      client.ask(encodeAmend(to, client.instrument));
      return;
    }
    case 'cancel':
      if (picked === undefined || picked.orderLinkId === '') return;
      client.ask(encodeCancel(picked.orderLinkId, client.instrument));
      return;
    case 'cancelAll':
      client.ask(encodeCancelAll(client.instrument));
      return;
    case 'move':
      return rig.price(near);
    case 'crash':
      return rig.price(Math.round(exchange.lastTicks * move.share));
    case 'wait':
      return exchange.advance(rig.later(MS_PER_HOUR));
    case 'adl':
      return exchange.injectExecution(rig.later(), 'AdlTrade', QTY_STEPS);
    case 'byHand':
      return exchange.tradeByHand(rig.later(), move.side, QTY_STEPS);
  }
}

describe.each([
  ['linear', LINEAR],
  ['inverse', INVERSE],
])('the wire to the simulated exchange, %s', (_, instrument) => {
  it('is understood in both directions, and its fills add up to its position', () => {
    fc.assert(
      fc.property(fc.array(action, { minLength: 10, maxLength: 40 }), (actions) => {
        const client = new Client(instrument);
        for (const move of actions) play(client, move);
        client.listen();
        const [position] = client.all('positions', () => queryPosition(instrument));
        expect(positionOf(client.fills.values())).toBe(position?.steps);
        const until = client.rig.nowMs;
        const fills = client.all('executions', (cursor) =>
          queryExecutions(START_MS, until, instrument, cursor),
        );
        expect(fills.map((fill) => fill.execId).sort()).toEqual([...client.fills.keys()].sort());
        for (const fill of fills) expect(client.fills.get(fill.execId)).toEqual(fill);
        for (const order of client.all('orders', (cursor) => queryOpenOrders(instrument, cursor))) {
          expect(client.orders.get(order.orderId)).toEqual(order);
        }
        client.all('wallet', () => queryWallet(instrument));
        client.all('transactions', (cursor) =>
          queryTransactions(START_MS, until, instrument, cursor),
        );
      }),
      { numRuns: 120 },
    );
  });

  it('shows an order by its link id: open in realtime, over in the history too', () => {
    const client = new Client(instrument);
    const what = { kind: 'Limit', priceTicks: 490_000, postOnly: true } as const;
    client.place({ side: BUY, qtySteps: QTY_STEPS, reduceOnly: false, what });
    const linkId = 'ls-demo01-0-1-entry-1';
    const shown = (source: 'realtime' | 'history'): unknown =>
      client.ask(queryOrder(linkId, source, instrument));
    const order = { orderLinkId: linkId, priceTicks: 490_000, qtySteps: QTY_STEPS };
    expect(shown('realtime')).toMatchObject({ records: [{ ...order, status: 'New' }] });
    client.ask(encodeCancel(linkId, instrument));
    for (const source of ['realtime', 'history'] as const) {
      expect(shown(source)).toMatchObject({
        records: [{ ...order, status: 'Cancelled', cancelType: 'CancelByUser' }],
      });
    }
  });
});
