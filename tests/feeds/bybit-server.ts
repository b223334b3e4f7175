import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { MINUTE } from './helpers.ts';

/** What a request is answered with instead of data, counted over all requests from 1. */
export type Trouble =
  | { tag: 'limit'; resetAtMs?: number }
  | { tag: 'drop' }
  | { tag: 'status'; status: number }
  | { tag: 'silence' }
  | { tag: 'code'; retCode: number }
  | { tag: 'garbage' };

export type FakeBybit = {
  readonly url: string;
  readonly requests: URL[];
  trouble: (request: number) => Trouble | undefined;
  close: () => Promise<void>;
};

const MAX_CANDLES = 1000;
const MAX_SETTLEMENTS = 200;
const SETTLEMENT_MS = 480 * MINUTE;

/** A candle told by its time alone, so that a test knows what to expect. */
export function candleAt(time: number): string[] {
  const base = 60_000 + ((time / MINUTE) % 97);
  const prices = [base, base + 3.5, base - 2.1, base + 1].map((price) => price.toFixed(1));
  return [String(time), ...prices, `${(time / MINUTE) % 13}.125`, '1'];
}

/** Answers as Bybit does: newest first, at most 1000, the open candle included. */
export async function fakeBybit(listedMs: number, nowMs: number): Promise<FakeBybit> {
  const requests: URL[] = [];
  const fake: FakeBybit = { url: '', requests, trouble: () => undefined, close: async () => {} };
  const server: Server = createServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://127.0.0.1');
    requests.push(url);
    const trouble = fake.trouble(requests.length);
    if (trouble === undefined) send(response, resultOf(url, listedMs, nowMs), nowMs);
    else disturb(trouble, request, response, nowMs);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const close = (): Promise<void> => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(() => resolve()));
  };
  return Object.assign(fake, { url: `http://127.0.0.1:${port}`, close });
}

function resultOf(url: URL, listedMs: number, nowMs: number): object {
  const number = (name: string): number => Number(url.searchParams.get(name) ?? NaN);
  if (url.pathname === '/v5/market/funding/history') {
    return { category: 'linear', list: settlements(number('startTime'), number('endTime'), nowMs) };
  }
  const first = Math.ceil(Math.max(number('start'), listedMs) / MINUTE) * MINUTE;
  const last = Math.floor(Math.min(number('end'), nowMs) / MINUTE) * MINUTE;
  const limit = Math.min(MAX_CANDLES, number('limit') || 200);
  const list: string[][] = [];
  for (let time = last; time >= first && list.length < limit; time -= MINUTE) {
    const row = candleAt(time);
    list.push(url.pathname === '/v5/market/mark-price-kline' ? row.slice(0, 5) : row);
  }
  return { symbol: 'BTCUSDT', category: 'linear', list };
}

function settlements(startMs: number, endMs: number, nowMs: number): object[] {
  const list: object[] = [];
  let time = Math.floor(Math.min(endMs, nowMs) / SETTLEMENT_MS) * SETTLEMENT_MS;
  for (; time >= startMs && list.length < MAX_SETTLEMENTS; time -= SETTLEMENT_MS) {
    const fundingRate = `0.0000${(time / SETTLEMENT_MS) % 89}`;
    list.push({ symbol: 'BTCUSDT', fundingRate, fundingRateTimestamp: String(time) });
  }
  return list;
}

function send(response: ServerResponse, result: object, time: number): void {
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ retCode: 0, retMsg: 'OK', result, retExtInfo: {}, time }));
}

function disturb(
  trouble: Trouble,
  request: IncomingMessage,
  response: ServerResponse,
  time: number,
): void {
  switch (trouble.tag) {
    case 'drop':
      request.socket.destroy();
      return;
    case 'silence':
      return;
    case 'status':
      response.statusCode = trouble.status;
      response.end('<html>no</html>');
      return;
    case 'garbage':
      send(response, { list: [['1', 'two', '<b>']] }, time);
      return;
    case 'limit':
      response.setHeader('X-Bapi-Limit', '50');
      response.setHeader('X-Bapi-Limit-Status', '0');
      if (trouble.resetAtMs !== undefined) {
        response.setHeader('X-Bapi-Limit-Reset-Timestamp', String(trouble.resetAtMs));
      }
      response.end(
        JSON.stringify({ retCode: 10006, retMsg: 'Too many visits!', result: {}, time }),
      );
      return;
    case 'code':
      response.end(
        JSON.stringify({ retCode: trouble.retCode, retMsg: 'no\nsuch', result: {}, time }),
      );
  }
}
