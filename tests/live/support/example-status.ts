import type { LiveStatus } from '../../../src/live/shell/status.ts';

const START_MS = Date.UTC(2024, 0, 1);

export function exampleStatus(changes: Partial<LiveStatus> = {}): LiveStatus {
  return {
    atMs: START_MS + 5_000,
    environment: 'testnet',
    deployment: 'abc123',
    strategy: 'atr-grid',
    version: '1.0.0',
    symbol: 'BTCUSDT',
    state: 'TRADING',
    run: 3,
    pid: 42,
    journalSeq: 1_000,
    entriesStopped: [],
    unknownOrders: 0,
    withoutExit: [],
    streams: { private: 'subscribed', public: 'subscribed' },
    price: 49_100,
    position: { steps: 10, qty: '0.010', side: 'long', entryPrice: 49_000, venueSteps: 10 },
    liquidation: { price: 33_142.5, distancePercent: 32.5 },
    money: { settle: 'USDT', realised: 1.5, fees: 0.2, funding: -0.1, unrealised: 1 },
    lastFill: { price: 49_000, atMs: START_MS },
    fills: 7,
    spacing: 1_000,
    toNextLevel: 900,
    toExit: 400,
    indicators: [1_000],
    slots: [
      {
        slot: 0,
        state: 'EXIT_PENDING',
        qty: '0.010',
        side: 1,
        reason: 'exit-working',
        reasonSinceMs: START_MS + 1_000,
        level: 49_500,
      },
    ],
    orders: [
      {
        linkId: 'abc123-0-1',
        role: 'exit',
        slot: 0,
        side: 'Sell',
        kind: 'limit',
        state: 'Working',
        price: '49500',
        qty: '0.010',
        filled: '0.000',
      },
    ],
    latencyMs: { answer: 120, 'stream-order': 101, 'rest-open': null },
    alarmCount: 1,
    alarms: [{ atMs: START_MS + 2_000, code: 'quarantine', text: 'an unknown status <b>X</b>' }],
    concessions: ['laxer than shipped: minTrades 30'],
    ...changes,
  };
}
