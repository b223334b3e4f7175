import { afterEach, beforeEach, expect, it } from 'vitest';
import { BybitTransport } from '../../src/brokers/bybit/bybit-transport.ts';
import { endpointsOf } from '../../src/brokers/bybit/environments.ts';
import { KlineFeed } from '../../src/brokers/bybit/kline-feed.ts';
import type { ClosedCandle } from '../../src/brokers/candle-feed.ts';
import { Instrument } from '../../src/engine/instrument.ts';
import type { IndicatorNeed } from '../../src/engine/strategy.ts';
import { indicatorSeries } from '../../src/market/indicator-series.ts';
import { BTCUSDT } from '../fixtures/instruments.ts';
import { makeTape } from '../fixtures/tapes.ts';
import { KEY, SECRET } from './support/transport-probe.ts';
import { wallClock } from './support/wall-clock.ts';
import { politeStream, WireServer } from './support/wire-server.ts';

const INTERVAL_MS = 15 * 60_000;
const START_MS = 1_700_000_100_000;
const instrument = new Instrument(BTCUSDT);
const NEEDS: readonly IndicatorNeed[] = [
  { kind: 'atr', period: 14, intervalMs: INTERVAL_MS },
  { kind: 'ema', period: 9, intervalMs: INTERVAL_MS },
];
const CANDLES = Array.from({ length: 1_300 }, (_, i) => {
  const open = 600_000 + ((i * 7_919) % 1_003);
  const close = 600_000 + (((i + 1) * 7_919) % 1_003);
  return {
    open,
    close,
    high: Math.max(open, close) + (i % 37),
    low: Math.min(open, close) - (i % 41),
  };
});

let server: WireServer;
/** Closed by the venue's clock. */
let closed = 1_200;

beforeEach(async () => {
  server = await WireServer.start(KEY, SECRET);
  server.rest = ({ query }, response) => {
    const [start, end] = [Number(query.get('start')), Number(query.get('end'))];
    const list = CANDLES.map((candle, i) => ({ ...candle, openMs: START_MS + i * INTERVAL_MS }))
      .slice(0, closed + 1)
      .filter(({ openMs }) => openMs >= start && openMs <= end)
      .reverse()
      .map(({ openMs, open, high, low, close }) => [
        String(openMs),
        ...[open, high, low, close].map((ticks) => instrument.formatPrice(ticks)),
        '1',
        '1',
      ]);
    const time = START_MS + closed * INTERVAL_MS + 5_000;
    const result = { symbol: 'BTCUSDT', category: 'linear', list };
    response.end(JSON.stringify({ retCode: 0, retMsg: 'OK', result, retExtInfo: {}, time }));
  };
});

afterEach(() => server.close());

function confirmed(at: number): string {
  const { open, high, low, close } = CANDLES[at] ?? { open: 0, high: 0, low: 0, close: 0 };
  const start = START_MS + at * INTERVAL_MS;
  const text = (ticks: number): string => instrument.formatPrice(ticks);
  const prices = { open: text(open), high: text(high), low: text(low), close: text(close) };
  const row = { start, end: start + INTERVAL_MS - 1, interval: '15', ...prices };
  const rest = { volume: '1', turnover: '1', confirm: true, timestamp: start + INTERVAL_MS };
  const ts = start + INTERVAL_MS + 100;
  return JSON.stringify({
    topic: 'kline.15.BTCUSDT',
    type: 'snapshot',
    ts,
    data: [{ ...row, ...rest }],
  });
}

it('over real sockets: history, stream, gaps and reconnects give the columns of a backtest', async () => {
  const endpoints = endpointsOf('emulator', 'linear', {
    baseUrl: server.restUrl,
    wsUrl: server.wsUrl,
  });
  const feed = new KlineFeed({
    instrument,
    needs: NEEDS,
    startMs: START_MS,
    toldUntilMs: -Infinity,
    clock: wallClock,
    transport: (sink) => new BybitTransport({ endpoints, measuresClock: false }, sink),
  });
  const told: ClosedCandle[] = [];
  let changed = (): void => undefined;
  const until = async (count: number): Promise<void> => {
    while (told.length < count) await new Promise<void>((resolve) => (changed = resolve));
  };
  const acknowledged: unknown[] = [];
  server.stream = (message, { socket, name }) => {
    politeStream(message, socket, name);
    acknowledged.push(message['args']);
  };
  feed.start((candle) => {
    told.push(candle);
    changed();
  });
  await until(1_200);
  await server.until(() => acknowledged.length === 1);
  // Told by the stream, twice, and out of order.
  closed = 1_203;
  for (const at of [1_200, 1_200, 1_202, 1_199, 1_201, 1_202])
    server.last('public').socket.send(confirmed(at));
  await until(1_203);
  // Lost by the stream: the list fills the gap.
  closed = 1_210;
  server.last('public').socket.send(confirmed(1_209));
  await until(1_210);
  // Closed while there was no connection.
  server.last('public').socket.terminate();
  await server.until(() => acknowledged.length === 2);
  closed = 1_220;
  await until(1_220);
  await feed.close();
  expect(acknowledged).toEqual([['kline.15.BTCUSDT'], ['kline.15.BTCUSDT']]);
  const tape = makeTape(CANDLES.slice(0, 1_220), INTERVAL_MS, START_MS);
  const columns = indicatorSeries(tape, NEEDS);
  expect(told).toEqual(
    Array.from({ length: columns.count }, (_, row) => ({
      closeMs: columns.closeTimeMs[row],
      closeTicks: columns.close[row],
      indicators: NEEDS.map((_need, i) => columns.values[row * NEEDS.length + i]),
    })),
  );
  expect(server.requests.every(({ headers }) => headers['x-bapi-api-key'] === undefined)).toBe(
    true,
  );
});
