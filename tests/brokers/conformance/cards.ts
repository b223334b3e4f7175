import { expect } from 'vitest';
import type { Client, Row } from './client.ts';

/** One promise of every broker; its number and title stand in docs/bybit-broker.md. */
export type Card = {
  readonly id: string;
  readonly title: string;
  /** The price has to be moved, or a limit to be used up: not on somebody else's exchange. */
  readonly ownVenue?: boolean;
  readonly play: (client: Client) => Promise<void>;
};

const NOTHING = expect.stringMatching(/^0(\.0+)?$/) as string;
const CREATE = '/v5/order/create';
const AMEND = '/v5/order/amend';
const CANCEL = '/v5/order/cancel';
const OPEN = '/v5/order/realtime';
const HISTORY = '/v5/order/history';
const EXECUTIONS = '/v5/execution/list';

const below = ({ bench }: Client, ticks = 5_000): number => bench.nearTicks - ticks;
const above = ({ bench }: Client, ticks = 5_000): number => bench.nearTicks + ticks;

async function filled(client: Client, side: 'Buy' | 'Sell', more: object = {}): Promise<string> {
  const linkId = client.linkId();
  expect(await client.market(linkId, side, more)).toMatchObject({ retCode: 0 });
  await client.reaches(linkId, 'Filled');
  return linkId;
}

async function resting(client: Client, more: object = {}): Promise<string> {
  const linkId = client.linkId();
  expect(await client.limit(linkId, 'Buy', below(client), more)).toMatchObject({ retCode: 0 });
  await client.reaches(linkId, 'New');
  return linkId;
}

export const CARDS: readonly Card[] = [
  {
    id: 'BC-01',
    title: 'an order is acknowledged by its link id, told on the stream and listed',
    play: async (client) => {
      const linkId = client.linkId();
      const { retCode, result } = await client.limit(linkId, 'Buy', below(client));
      expect([retCode, result['orderLinkId']]).toEqual([0, linkId]);
      const row = await client.reaches(linkId, 'New');
      expect(row['orderId']).toBe(result['orderId']);
      const [listed] = await client.rows(OPEN, { orderLinkId: linkId });
      expect(listed).toMatchObject({
        orderLinkId: linkId,
        orderStatus: 'New',
        cumExecQty: NOTHING,
      });
    },
  },
  {
    id: 'BC-02',
    title: 'a market order fills: executions add up to it, and the position holds them',
    play: async (client) => {
      const before = await client.position();
      const linkId = await filled(client, 'Buy');
      await client.until('executions', () => sum(client.executionsOf(linkId)) >= 0.002);
      expect(sum(client.executionsOf(linkId))).toBeCloseTo(0.002, 9);
      expect((await client.position()) - before).toBeCloseTo(0.002, 9);
    },
  },
  {
    id: 'BC-03',
    title: 'a cancelled order ends without executions, on the stream and in the history',
    play: async (client) => {
      const linkId = await resting(client);
      expect(await client.post(CANCEL, { orderLinkId: linkId })).toMatchObject({ retCode: 0 });
      expect(await client.reaches(linkId, 'Cancelled')).toMatchObject({ cumExecQty: NOTHING });
      const listed = await client.rows(HISTORY, { orderLinkId: linkId });
      expect(listed).toMatchObject([{ orderStatus: 'Cancelled', cumExecQty: NOTHING }]);
    },
  },
  {
    id: 'BC-04',
    title: 'a cancel of a filled order is refused with 110001',
    play: async (client) => {
      const linkId = await filled(client, 'Buy');
      await passed(client);
      expect(await client.post(CANCEL, { orderLinkId: linkId })).toMatchObject({ retCode: 110001 });
    },
  },
  {
    id: 'BC-05',
    title: 'an amend moves the order and keeps its ids',
    play: async (client) => {
      const linkId = await resting(client);
      const price = client.bench.instrument.formatPrice(below(client, 6_000));
      expect(await client.post(AMEND, { orderLinkId: linkId, price })).toMatchObject({
        retCode: 0,
      });
      await client.until('the new price', () =>
        client.ofOrder(linkId).some((row) => Number(row['price']) === Number(price)),
      );
      expect(new Set(client.ofOrder(linkId).map((row) => row['orderId'])).size).toBe(1);
    },
  },
  {
    id: 'BC-06',
    title: 'an amend of a filled order is refused with 110001',
    play: async (client) => {
      const linkId = await filled(client, 'Buy');
      await passed(client);
      const price = client.bench.instrument.formatPrice(below(client));
      const amend = { orderLinkId: linkId, price };
      expect(await client.post(AMEND, amend)).toMatchObject({ retCode: 110001 });
    },
  },
  {
    id: 'BC-07',
    title: 'a link id that was used is refused with 110072, and there is one order',
    play: async (client) => {
      const linkId = await resting(client);
      expect(await client.limit(linkId, 'Buy', below(client))).toMatchObject({ retCode: 110072 });
      expect(await client.rows(OPEN, { orderLinkId: linkId })).toHaveLength(1);
    },
  },
  {
    id: 'BC-08',
    title: 'a post-only order that would take ends without a fill',
    play: async (client) => {
      const linkId = client.linkId();
      const postOnly = { timeInForce: 'PostOnly' };
      expect(await client.limit(linkId, 'Buy', above(client), postOnly)).toMatchObject({
        retCode: 0,
      });
      const row = await client.reaches(linkId, 'Cancelled');
      expect(row).toMatchObject({
        cumExecQty: NOTHING,
        rejectReason: 'EC_PostOnlyWillTakeLiquidity',
      });
    },
  },
  {
    id: 'BC-09',
    title: 'reduce-only without a position is refused with 110017',
    play: async (client) => {
      const order = client.market(client.linkId(), 'Sell', { reduceOnly: true });
      expect(await order).toMatchObject({ retCode: 110017 });
    },
  },
  {
    id: 'BC-10',
    title: 'a reduce-only order larger than the position closes it and no more',
    play: async (client) => {
      await filled(client, 'Buy');
      await filled(client, 'Sell', { qty: '0.005', reduceOnly: true });
      expect(await client.position()).toBe(0);
    },
  },
  {
    id: 'BC-11',
    title: 'a quantity below the smallest, or off the step, is refused and leaves no order',
    play: async (client) => {
      for (const qty of ['0.0001', '0.0025']) {
        const linkId = client.linkId();
        const { retCode } = await client.limit(linkId, 'Buy', below(client), { qty });
        expect(retCode).not.toBe(0);
        expect(await client.rows(OPEN, { orderLinkId: linkId })).toEqual([]);
      }
    },
  },
  {
    id: 'BC-12',
    title: 'an order that nobody knows cannot be cancelled: 110001',
    play: async (client) => {
      const orderLinkId = client.linkId();
      expect(await client.post(CANCEL, { orderLinkId })).toMatchObject({ retCode: 110001 });
    },
  },
  {
    id: 'BC-13',
    title: 'what cannot fill at once of an IOC order is cancelled',
    play: async (client) => {
      const linkId = client.linkId();
      const ioc = { timeInForce: 'IOC' };
      expect(await client.limit(linkId, 'Buy', below(client), ioc)).toMatchObject({ retCode: 0 });
      expect(await client.reaches(linkId, 'Cancelled')).toMatchObject({ cumExecQty: NOTHING });
    },
  },
  {
    id: 'BC-14',
    title: 'a resting order fills at its price when the market comes there, as a maker',
    ownVenue: true,
    play: async (client) => {
      const linkId = await resting(client);
      await client.touch(below(client, 5_100));
      const row = await client.reaches(linkId, 'Filled');
      await client.until('the execution', () => client.executionsOf(linkId).length > 0);
      const [execution] = client.executionsOf(linkId);
      expect(execution).toMatchObject({ isMaker: true, execPrice: row['price'] });
    },
  },
  {
    id: 'BC-15',
    title: 'a conditional order waits untriggered and fires at its trigger',
    ownVenue: true,
    play: async (client) => {
      await filled(client, 'Buy');
      const linkId = client.linkId();
      const triggerPrice = client.bench.instrument.formatPrice(below(client));
      const stop = { triggerPrice, triggerDirection: 2, triggerBy: 'LastPrice', reduceOnly: true };
      expect(await client.market(linkId, 'Sell', stop)).toMatchObject({ retCode: 0 });
      await client.reaches(linkId, 'Untriggered');
      await client.touch(below(client, 5_100));
      await client.reaches(linkId, 'Filled');
      expect(await client.position()).toBe(0);
    },
  },
  {
    id: 'BC-16',
    title: 'an attached stop stands when its entry has filled, and goes with the position',
    play: async (client) => {
      const { instrument } = client.bench;
      const stopLoss = instrument.formatPrice(below(client, 20_000));
      await filled(client, 'Buy', { stopLoss, tpslMode: 'Full' });
      const stops = (): readonly Row[] =>
        client.told('order').filter((row) => row['stopOrderType'] === 'StopLoss');
      await client.until('the stop', () => stops().length > 0);
      expect(stops()[0]).toMatchObject({ orderStatus: 'Untriggered', triggerPrice: stopLoss });
      await filled(client, 'Sell', { reduceOnly: true });
      await client.until('its end', () => stops().at(-1)?.['orderStatus'] !== 'Untriggered');
      expect(await client.position()).toBe(0);
    },
  },
  {
    id: 'BC-17',
    title: 'beyond the limit of an endpoint 10006 comes, and nothing was done',
    ownVenue: true,
    play: async (client) => {
      const linkIds = Array.from({ length: 14 }, () => client.linkId());
      const price = client.bench.instrument.formatPrice(below(client));
      const order = { side: 'Buy', orderType: 'Limit', qty: '0.002', price };
      const calls = linkIds.map((orderLinkId) =>
        client.send('POST', CREATE, { ...order, orderLinkId }),
      );
      const codes: number[] = [];
      for (const call of calls) codes.push((await client.answer(call)).retCode);
      expect(codes.filter((code) => code !== 0).every((code) => code === 10006)).toBe(true);
      expect(codes).toContain(10006);
      const listed = (await client.rows(OPEN)).map((row) => row['orderLinkId']);
      expect(new Set(listed)).toEqual(new Set(linkIds.filter((_, at) => codes[at] === 0)));
    },
  },
  {
    id: 'BC-18',
    title: 'pages of executions follow each other, newest first, none twice',
    play: async (client) => {
      for (const side of ['Buy', 'Sell', 'Buy'] as const) await filled(client, side);
      const times: number[] = [];
      const ids = new Set<unknown>();
      let cursor: unknown = '';
      for (let page = 0; page < 3; page += 1) {
        const more = cursor === '' ? {} : { cursor };
        const { result } = await client.get(EXECUTIONS, { limit: 1, ...more });
        const [row] = result['list'] as readonly Row[];
        times.push(Number(row?.['execTime']));
        ids.add(row?.['execId']);
        cursor = result['nextPageCursor'];
      }
      expect(ids.size).toBe(3);
      expect(times).toEqual([...times].sort((a, b) => b - a));
    },
  },
  {
    id: 'BC-19',
    title: 'a new connection tells nothing of before, and everything from then on',
    play: async (client) => {
      const before = await resting(client);
      client.bench.transport.disconnect('private');
      client.bench.inputs.splice(0, Infinity);
      await client.subscribed();
      await passed(client);
      expect(client.told('order')).toEqual([]);
      expect(await client.post(CANCEL, { orderLinkId: before })).toMatchObject({ retCode: 0 });
      await client.reaches(before, 'Cancelled');
    },
  },
  {
    id: 'BC-20',
    title: 'nothing arrives on a stream that was disconnected, and REST knows all the same',
    play: async (client) => {
      client.bench.transport.disconnect('private');
      client.bench.inputs.splice(0, Infinity);
      const linkId = client.linkId();
      expect(await client.market(linkId, 'Buy')).toMatchObject({ retCode: 0 });
      await passed(client);
      expect(client.bench.inputs.filter(({ t }) => t === 'frame')).toEqual([]);
      const executions = await client.rows(EXECUTIONS, { orderLinkId: linkId });
      expect(sum(executions)).toBeCloseTo(0.002, 9);
    },
  },
  {
    id: 'BC-21',
    title: 'every call is answered exactly once',
    play: async (client) => {
      const calls = Array.from({ length: 20 }, () => client.send('GET', OPEN));
      for (const call of calls) await client.answer(call);
      await passed(client);
      expect(calls.map((call) => client.answersTo(call).length)).toEqual(calls.map(() => 1));
    },
  },
];

function sum(executions: readonly Row[]): number {
  return executions.reduce((total, row) => total + Number(row['execQty']), 0);
}

async function passed({ bench }: Client): Promise<void> {
  for (let steps = 0; steps < 10; steps += 1) await bench.pass();
}
