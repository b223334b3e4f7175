import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Emulation } from '../../src/emulator/emulation.ts';
import type { Delivery } from '../../src/emulator/delivery.ts';
import { WIRE_FAULT_KINDS, WIRE_FAULTS } from '../../src/emulator/faults/fault-kinds.ts';
import type { WireFaultPlan } from '../../src/emulator/faults/fault-plan.ts';
import { hostOf, profile, wanderingTape } from '../venue/host/rig.ts';
import { market, plan } from './rig.ts';

const tape = wanderingTape(30, 8);
const open = { refuseLogin: (): undefined => undefined, refuseTime: (): undefined => undefined };

function emulation(faults: object): Emulation {
  const host = hostOf(tape, { execution: profile('home') });
  return new Emulation(host, plan(faults) as WireFaultPlan, open);
}

const RATES = { hour: 10, connection: 0.3, call: 0.04, frame: 0.04 } as const;

/** Every kind at a rate that makes it strike within half an hour. */
const everything = (seed: number): object => ({
  seed,
  rates: Object.fromEntries(
    WIRE_FAULT_KINDS.filter((kind) => kind !== 'ipBan').map((kind) => [
      kind,
      RATES[WIRE_FAULTS[kind].strikes],
    ]),
  ),
});

/** Half an hour of a bot that is blind: it places, lists and reconnects whatever comes back. */
function play(emulated: Emulation): Delivery[] {
  const log: Delivery[] = [];
  const sockets: (number | undefined)[] = [];
  for (let n = 0; n < 340; n += 1) {
    if (n % 40 === 0) {
      const socket = emulated.open('private');
      sockets.push(socket);
      for (const frame of [
        { op: 'auth', req_id: '1', args: ['k', 1, 's'] },
        { op: 'subscribe', req_id: '2', args: ['order', 'execution', 'position', 'wallet'] },
      ])
        if (socket !== undefined) log.push(...emulated.receive(socket, frame));
    }
    const side = n % 2 === 0 ? 'Buy' : 'Sell';
    const order = { ...market, side, orderType: 'Limit', qty: '0.001', price: '50000' };
    const params = n % 3 === 2 ? market : { ...order, orderLinkId: `o-${n}` };
    const [method, path] =
      n % 3 === 2
        ? (['GET', '/v5/order/realtime'] as const)
        : (['POST', '/v5/order/create'] as const);
    log.push(...emulated.http({ http: n, method, path, params }));
    const untilMs = emulated.nowMs + 5_000;
    while (emulated.nowMs < untilMs) log.push(...emulated.advanceTo(untilMs));
  }
  return log;
}

describe('the emulation without its wire', () => {
  it('meets the same faults again with the same seed, and others with another', () => {
    const [first, again, other] = [1, 1, 2].map((seed) =>
      JSON.stringify(play(emulation(everything(seed)))),
    );
    expect(again).toBe(first);
    expect(other).not.toBe(first);
  });

  it('can meet each fault there is, and answers no request twice', () => {
    const met = new Set<string>();
    for (let seed = 1; seed <= 6; seed += 1) {
      const emulated = emulation(everything(seed));
      const answered = play(emulated).flatMap((each) => ('http' in each ? [each.http] : []));
      expect(new Set(answered).size).toBe(answered.length);
      for (const kind of Object.keys(emulated.faultCounts)) met.add(kind);
    }
    expect(WIRE_FAULT_KINDS.filter((kind) => !met.has(kind))).toEqual(['ipBan']);
  });

  it('is silent while it is partitioned, and banned for ten minutes when it is', () => {
    const emulated = emulation({ timed: [{ fault: 'ipBan', afterMs: 60_000 }] });
    const statuses = play(emulated).flatMap((each) => (each.t === 'respond' ? [each.status] : []));
    const banned = statuses.filter((status) => status === 403).length;
    expect(banned).toBeGreaterThanOrEqual(119);
    expect(banned).toBeLessThanOrEqual(121);
    const cut = emulation({ timed: [{ fault: 'partition', afterMs: 60_000 }] });
    expect(play(cut).filter((each) => each.t === 'respond').length).toBeLessThan(340);
  });

  it('never throws, whatever comes in', () => {
    // As JSON.parse gives them, down to fields that shadow what every object has.
    const value = fc.oneof(fc.jsonValue(), fc.constant({ toString: 1, valueOf: 2 }));
    const words = fc.constantFrom(
      'op',
      'args',
      'order.create',
      'auth',
      'subscribe',
      'qty',
      'price',
    );
    const junk = fc.oneof(
      value,
      fc.dictionary(words, value),
      fc.record({
        op: fc.constantFrom(
          'subscribe',
          'unsubscribe',
          'order.create',
          'order.amend',
          'ping',
          'auth',
        ),
        args: fc.oneof(value, fc.array(fc.oneof(fc.string(), fc.dictionary(fc.string(), value)))),
        reqId: value,
      }),
    );
    const paths = [
      '/v5/order/create',
      '/v5/order/amend',
      '/v5/order/cancel-all',
      '/v5/position/trading-stop',
      '/v5/order/history',
      '/v5/execution/list',
      '/v5/market/kline',
      '/v5/market/funding/history',
      '/v5/market/orderbook',
      '/v5/nothing',
    ];
    const emulated = emulation({});
    const sockets = (['private', 'public', 'trade'] as const).map((dialect) =>
      emulated.open(dialect),
    );
    for (const socket of sockets) emulated.receive(socket ?? 0, { op: 'auth', args: [] });
    let http = 0;
    const fields = [
      'side',
      'orderType',
      'qty',
      'price',
      'limit',
      'cursor',
      'start',
      'endTime',
      'interval',
    ];
    const query = fc.dictionary(fc.constantFrom(...fields, 'orderLinkId', 'takeProfit'), value);
    fc.assert(
      fc.property(junk, query, fc.constantFrom(...paths), (junkFrame, junkFields, path) => {
        const frame = JSON.parse(JSON.stringify(junkFrame)) as unknown;
        const more = JSON.parse(JSON.stringify(junkFields)) as object;
        for (const socket of sockets) emulated.receive(socket ?? 0, frame);
        for (const method of ['GET', 'POST'] as const) {
          http += 1;
          emulated.http({ http, method, path, params: { ...market, ...more } });
        }
        const untilMs = emulated.nowMs + 1_000;
        while (emulated.nowMs < untilMs)
          for (const each of emulated.advanceTo(untilMs))
            if (each.t === 'say') JSON.parse(each.text);
      }),
      { numRuns: 400 },
    );
  });
});
