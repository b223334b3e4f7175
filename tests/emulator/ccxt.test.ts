import ccxt from 'ccxt';
import { describe, expect, it } from 'vitest';
import type { Emulator } from '../../src/emulator/emulator.ts';
import { profile } from '../venue/host/rig.ts';
import { atEnd, emulator } from './rig.ts';

const SYMBOL = 'BTC/USDT:USDT';

type Urls = { [name: string]: string | Urls };

/** Every address of the client becomes the emulator's; the paths stay what they are. */
function redirected(urls: Urls, venue: Emulator): Urls {
  const entries = Object.entries(urls).map(([name, url]): [string, string | Urls] => {
    if (typeof url !== 'string') return [name, redirected(url, venue)];
    const path = url.startsWith('wss://')
      ? url.replace(/^wss:\/\/[^/]+/, venue.wsUrl)
      : venue.restUrl;
    return [name, path];
  });
  return Object.fromEntries(entries);
}

async function clientOf(venue: Emulator): Promise<InstanceType<typeof ccxt.pro.bybit>> {
  const client = new ccxt.pro.bybit({
    apiKey: venue.apiKey.key,
    secret: venue.apiKey.secret,
    enableRateLimit: false,
    timeout: 5_000,
    options: { defaultType: 'swap', fetchMarkets: { types: ['linear', 'inverse'] } },
  });
  client.urls['api'] = redirected(client.urls['api'] as Urls, venue);
  await client.loadHttpProxyAgent();
  atEnd(() => client.close());
  await client.loadMarkets();
  return client;
}

const home = { hostChanges: { execution: profile('home') } };

describe('an independent client does not notice', () => {
  it('loads the market, its candles, ticker, book, trades and funding', async () => {
    const client = await clientOf(await emulator(home));
    expect(client.market(SYMBOL)).toMatchObject({
      id: 'BTCUSDT',
      linear: true,
      swap: true,
      precision: { price: 0.1, amount: 0.001 },
      limits: { amount: { min: 0.001 }, cost: { min: 5 } },
    });
    const candles = await client.fetchOHLCV(SYMBOL, '1m', undefined, 5);
    const times = candles.map(([time]) => Number(time));
    expect(times).toEqual([...times].sort((a, b) => a - b));
    const ticker = await client.fetchTicker(SYMBOL);
    expect(Number(ticker.ask)).toBeGreaterThan(Number(ticker.bid));
    expect(Number(ticker.last)).toBeGreaterThan(40_000);
    const book = await client.fetchOrderBook(SYMBOL, 5);
    expect(Number(book.asks[0]?.[0])).toBeGreaterThan(Number(book.bids[0]?.[0]));
    expect((await client.fetchTrades(SYMBOL)).length).toBeGreaterThan(0);
    expect((await client.fetchFundingRate(SYMBOL)).fundingRate).toBe(0.0001);
    expect(Math.abs(Number(await client.fetchTime()) - Date.now())).toBeLessThan(5_000);
  });

  it('places, finds, amends and cancels, and is refused where it should be', async () => {
    const client = await clientOf(await emulator(home));
    const balance = await client.fetchBalance();
    expect(balance['USDT']).toMatchObject({ total: 100_000 });
    const { id = '' } = await client.createOrder(SYMBOL, 'limit', 'buy', 0.002, 48_000);
    expect(id).toMatch(/^[0-9a-f-]{36}$/);
    const [open] = await client.fetchOpenOrders(SYMBOL);
    expect(open).toMatchObject({ id, status: 'open', price: 48_000, amount: 0.002 });
    await client.editOrder(id, SYMBOL, 'limit', 'buy', 0.001, 48_100);
    const amended = await client.fetchOpenOrder(id, SYMBOL);
    expect(amended).toMatchObject({ price: 48_100, amount: 0.001 });
    await client.cancelOrder(id, SYMBOL);
    expect(await client.fetchOpenOrders(SYMBOL)).toEqual([]);
    const [cancelled] = await client.fetchCanceledOrders(SYMBOL);
    expect(cancelled).toMatchObject({ id, status: 'canceled', filled: 0 });
    await expect(client.cancelOrder(id, SYMBOL)).rejects.toBeInstanceOf(ccxt.OrderNotFound);
    await expect(client.createOrder(SYMBOL, 'limit', 'buy', 0.0001, 48_000)).rejects.toBeInstanceOf(
      ccxt.BaseError,
    );
    await expect(
      client.createOrder(SYMBOL, 'market', 'sell', 0.001, undefined, { reduceOnly: true }),
    ).rejects.toBeInstanceOf(ccxt.BaseError);
  });

  it('trades, and reads position, trades and closed profit afterwards', async () => {
    const client = await clientOf(await emulator(home));
    await client.setLeverage(5, SYMBOL);
    const { id = '' } = await client.createOrder(SYMBOL, 'market', 'buy', 0.003);
    const position = await client.fetchPosition(SYMBOL);
    expect(position).toMatchObject({ side: 'long', contracts: 0.003, leverage: 5 });
    const filled = await client.fetchClosedOrder(id, SYMBOL);
    expect(filled).toMatchObject({ status: 'closed', filled: 0.003 });
    await client.createOrder(SYMBOL, 'market', 'sell', 0.003, undefined, { reduceOnly: true });
    const trades = await client.fetchMyTrades(SYMBOL);
    expect(trades.map(({ side, amount }) => [side, amount])).toEqual([
      ['buy', 0.003],
      ['sell', 0.003],
    ]);
    expect(trades[0]?.fee).toMatchObject({ currency: 'USDT' });
    const [flat] = await client.fetchPositions([SYMBOL]);
    expect(flat?.contracts ?? 0).toBe(0);
    const [closed] = await client.fetchPositionsHistory([SYMBOL]);
    expect(closed).toMatchObject({ symbol: SYMBOL });
  });

  it('watches ticker, candles, orders, trades and positions over the streams', async () => {
    const venue = await emulator(home);
    const client = await clientOf(venue);
    const [ticker, candles] = await Promise.all([
      client.watchTicker(SYMBOL),
      client.watchOHLCV(SYMBOL, '1m'),
    ]);
    expect(Number(ticker.last)).toBeGreaterThan(40_000);
    expect(candles.length).toBeGreaterThan(0);
    const orders = client.watchOrders(SYMBOL);
    const trades = client.watchMyTrades(SYMBOL);
    // Else the first answer is a list that it asks for over REST, not what the stream says.
    client.options['watchPositions'] = { fetchPositionsSnapshot: false };
    const positions = client.watchPositions([SYMBOL]);
    // Subscriptions have no event of their own in this client: a login and three acknowledgements.
    while (venue.emulation.traffic('private').said < 4)
      await new Promise((resolve) => setTimeout(resolve, 5));
    const { id } = await client.createOrder(SYMBOL, 'market', 'buy', 0.001);
    expect((await orders).map((order) => order.id)).toContain(id);
    expect(await trades).toMatchObject([{ order: id, side: 'buy', amount: 0.001 }]);
    // The client keeps one array of all it has heard: the newest is the last.
    const held = (await positions).at(-1);
    expect(held).toMatchObject({ symbol: SYMBOL, side: 'long', contracts: 0.001 });
  });
});
