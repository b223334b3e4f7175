import { startupChecks } from '../../../src/brokers/bybit/checks/startup-checks.ts';
import type { StartupExpectations } from '../../../src/brokers/bybit/checks/startup-checks.ts';
import { checkText } from '../../../src/brokers/bybit/checks/check-line.ts';
import type { CheckLine } from '../../../src/brokers/bybit/checks/check-line.ts';
import { Instrument } from '../../../src/engine/instrument.ts';
import { BTCUSDT } from '../../fixtures/instruments.ts';
import { KEY, Probe } from './transport-probe.ts';
import { answer } from './wire-server.ts';
import type { WireServer } from './wire-server.ts';

export type Row = Record<string, unknown>;
export type Answer = { readonly retCode: number; readonly result: unknown };

const DAY_MS = 86_400_000;
export const ok = (result: unknown): Answer => ({ retCode: 0, result });
export const inDays = (days: number): string => new Date(Date.now() + days * DAY_MS).toISOString();

export const KEY_INFO: Row = {
  id: '13770661',
  note: 'trading',
  apiKey: KEY,
  readOnly: 0,
  secret: '',
  permissions: {
    ContractTrade: ['Order', 'Position'],
    Spot: [],
    Wallet: [],
    Options: [],
    Derivatives: ['DerivativesTrade'],
    CopyTrading: [],
    BlockTrade: [],
    Exchange: [],
    NFT: [],
    Affiliate: [],
  },
  ips: ['203.0.113.7'],
  type: 1,
  deadlineDay: 83,
  expiredAt: inDays(83),
  createdAt: '2026-01-01T00:00:00Z',
  unified: 0,
  uta: 1,
  userID: 24617703,
  isMaster: false,
};

export const INSTRUMENT: Row = {
  symbol: 'BTCUSDT',
  contractType: 'LinearPerpetual',
  status: 'Trading',
  baseCoin: 'BTC',
  quoteCoin: 'USDT',
  settleCoin: 'USDT',
  leverageFilter: { minLeverage: '1', maxLeverage: '100.00', leverageStep: '0.01' },
  priceFilter: { minPrice: '0.10', maxPrice: '1999999.80', tickSize: '0.10' },
  lotSizeFilter: {
    maxOrderQty: '1190.000',
    maxMktOrderQty: '500.000',
    minOrderQty: '0.001',
    qtyStep: '0.001',
    minNotionalValue: '5',
  },
  fundingInterval: 480,
};
export const INVERSE: Row = {
  ...INSTRUMENT,
  symbol: 'BTCUSD',
  contractType: 'InversePerpetual',
  quoteCoin: 'USD',
  settleCoin: 'BTC',
  lotSizeFilter: {
    maxOrderQty: '25000000',
    maxMktOrderQty: '5000000',
    minOrderQty: '1',
    qtyStep: '1',
    minNotionalValue: '',
  },
};

export const FEES: Row = { symbol: 'BTCUSDT', takerFeeRate: '0.00055', makerFeeRate: '0.0002' };
export const ACCOUNT: Row = {
  unifiedMarginStatus: 5,
  marginMode: 'ISOLATED_MARGIN',
  isMasterTrader: false,
};
export const POSITION: Row = {
  symbol: 'BTCUSDT',
  positionIdx: 0,
  side: '',
  size: '0',
  leverage: '1',
};

/** An account with which nothing is wrong. */
export const GOOD: Readonly<Record<string, Answer>> = {
  '/v5/user/query-api': ok(KEY_INFO),
  '/v5/market/instruments-info': ok({ category: 'linear', list: [INSTRUMENT] }),
  '/v5/account/fee-rate': ok({ list: [FEES] }),
  '/v5/account/info': ok(ACCOUNT),
  '/v5/position/list': ok({ category: 'linear', list: [POSITION], nextPageCursor: '' }),
};

/** Runs the checks against a venue that answers so, over real sockets. */
export async function look(
  server: WireServer,
  answers: Readonly<Record<string, Answer>>,
  expectations: Partial<StartupExpectations> = {},
): Promise<CheckLine[]> {
  server.rest = ({ path, signed }, response) => {
    const found = { ...GOOD, ...answers }[path];
    if (!signed && !path.startsWith('/v5/market')) answer(response, {}, 10004);
    else response.end(JSON.stringify({ retMsg: KEY, retExtInfo: {}, time: 1, ...found }));
  };
  const probe = new Probe(server);
  const lines = await startupChecks(probe.transport, {
    environment: 'testnet',
    instrument: new Instrument(BTCUSDT),
    margin: 'isolated',
    ...expectations,
  });
  await probe.transport.close();
  return lines;
}

export const notOk = (lines: readonly CheckLine[]): string[] =>
  lines.filter(({ verdict }) => verdict !== 'ok').map(checkText);
