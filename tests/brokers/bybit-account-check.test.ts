import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startupChecks } from '../../src/brokers/bybit/checks/startup-checks.ts';
import { Instrument } from '../../src/engine/instrument.ts';
import { BTCUSD, BTCUSDT } from '../fixtures/instruments.ts';
import {
  ACCOUNT,
  FEES,
  GOOD,
  INSTRUMENT,
  INVERSE,
  look,
  notOk,
  ok,
  POSITION,
} from './support/startup-answers.ts';
import type { Answer, Row } from './support/startup-answers.ts';
import { KEY, Probe, SECRET } from './support/transport-probe.ts';
import { answer, WireServer } from './support/wire-server.ts';

let server: WireServer;

beforeEach(async () => {
  server = await WireServer.start(KEY, SECRET);
});
afterEach(() => server.close());

describe('an instrument', () => {
  const instrument = (change: Row): Record<string, Answer> => ({
    '/v5/market/instruments-info': ok({ list: [{ ...INSTRUMENT, ...change }] }),
  });
  const lot = (change: Row): Record<string, Answer> =>
    instrument({ lotSizeFilter: { ...(INSTRUMENT['lotSizeFilter'] as Row), ...change } });

  it.each<readonly [string, Record<string, Answer>, string]>([
    [
      'another tick',
      instrument({ priceFilter: { tickSize: '0.5' } }),
      'tick: 0.5 (wanted: 0.10) refused',
    ],
    ['another step', lot({ qtyStep: '0.01' }), 'quantity step: 0.01 (wanted: 0.001) refused'],
    [
      'a larger least',
      lot({ minOrderQty: '0.002' }),
      'smallest quantity: 0.002 (wanted: at most 0.001) refused',
    ],
    [
      'another contract',
      instrument({ contractType: 'InversePerpetual' }),
      'contract: InversePerpetual (wanted: LinearPerpetual) refused',
    ],
    ['no trading', instrument({ status: 'Closed' }), 'status: Closed (wanted: Trading) refused'],
    [
      'a number for a text',
      instrument({ priceFilter: { tickSize: 0.1 } }),
      'tick: 0.1 (wanted: 0.10) refused',
    ],
    [
      'a larger least value',
      lot({ minNotionalValue: '10' }),
      'smallest value: 10 (wanted: at most 5) warning',
    ],
    [
      'a smaller most',
      lot({ maxOrderQty: '500' }),
      'largest quantity: 500 (wanted: at least 1190) warning',
    ],
    [
      'other funding',
      instrument({ fundingInterval: 240 }),
      'funding every: 240 min (wanted: 480 min) warning',
    ],
  ])('with %s than its file is named', async (_, answers, text) => {
    expect(notOk(await look(server, answers))).toEqual([text]);
  });

  it('that the venue does not list is refused', async () => {
    const lines = await look(server, { '/v5/market/instruments-info': ok({ list: [] }) });
    expect(notOk(lines)).toEqual(['instrument: no BTCUSDT (wanted: BTCUSDT linear) refused']);
  });

  it('of the inverse kind passes with its own rules', async () => {
    const ofInverse = (row: Row): Answer => ok({ list: [{ ...row, symbol: 'BTCUSD' }] });
    const lines = await look(
      server,
      {
        '/v5/market/instruments-info': ofInverse(INVERSE),
        '/v5/account/fee-rate': ofInverse(FEES),
        '/v5/position/list': ofInverse(POSITION),
      },
      { instrument: new Instrument(BTCUSD) },
    );
    expect(notOk(lines)).toEqual([]);
  });
});

describe('an account', () => {
  const position = (...rows: Row[]): Record<string, Answer> => ({
    '/v5/position/list': ok({ list: rows.map((row) => ({ ...POSITION, ...row })) }),
  });
  const fees = (change: Row): Record<string, Answer> => ({
    '/v5/account/fee-rate': ok({ list: [{ ...FEES, ...change }] }),
  });
  const account = (change: Row): Record<string, Answer> => ({
    '/v5/account/info': ok({ ...ACCOUNT, ...change }),
  });

  it.each<readonly [string, Record<string, Answer>, string]>([
    [
      'hedge mode',
      position({ positionIdx: 1 }, { positionIdx: 2 }),
      'position mode: hedge (wanted: one-way) refused',
    ],
    ['another leverage', position({ leverage: '10' }), 'leverage: 10 (wanted: 1) refused'],
    [
      'cross margin',
      account({ marginMode: 'REGULAR_MARGIN' }),
      'margin mode: REGULAR_MARGIN (wanted: ISOLATED_MARGIN) warning',
    ],
    [
      'portfolio margin',
      account({ marginMode: 'PORTFOLIO_MARGIN' }),
      'margin mode: PORTFOLIO_MARGIN (wanted: ISOLATED_MARGIN) refused',
    ],
    [
      'a classic account',
      account({ unifiedMarginStatus: 1 }),
      'account kind: 1 (wanted: unified, 3 4 5 6 for linear) refused',
    ],
    [
      'somewhat higher fees',
      fees({ takerFeeRate: '0.0006' }),
      'taker fee: 0.0006 (wanted: at most 0.00055) warning',
    ],
    [
      'far higher fees',
      fees({ takerFeeRate: '0.001' }),
      'taker fee: 0.001 (wanted: at most 0.00055) refused',
    ],
    [
      'no fees',
      { '/v5/account/fee-rate': ok({ list: [] }) },
      'fee rates: no rate of BTCUSDT (wanted: taker 0.00055 maker 0.0002) refused',
    ],
    ['no position row', position(), 'position mode: no row of BTCUSDT (wanted: one-way) refused'],
    [
      'nonsense for an answer',
      { '/v5/account/info': ok(null) },
      'account: the result is null (wanted: a unified account) refused',
    ],
  ])('with %s is named', async (_, answers, text) => {
    expect(notOk(await look(server, answers))).toEqual([text]);
  });

  it('with lower fees than assumed is fine', async () => {
    expect(
      notOk(await look(server, fees({ takerFeeRate: '0.0001', makerFeeRate: '-0.0001' }))),
    ).toEqual([]);
  });

  it('of the demo environment need not know its fees', async () => {
    const lines = await look(
      server,
      { '/v5/account/fee-rate': { retCode: 10001, result: {} } },
      { environment: 'demo' },
    );
    expect(notOk(lines)).toEqual([
      'fee rates: code 10001 (wanted: taker 0.00055 maker 0.0002) warning',
    ]);
  });
});

describe('the clock', () => {
  it.each([
    [0, 'ok'],
    [5_000, 'warn'],
    [-5_000, 'warn'],
    [90_000, 'refuse'],
  ])('%s ms away: %s', async (skewMs, verdict) => {
    server.skewMs = skewMs;
    const lines = await look(server, {});
    expect(lines.find(({ check }) => check === 'clock')?.verdict).toBe(verdict);
  });
});

it('what passes is asked again, what does not is not', async () => {
  let asked = 0;
  server.rest = ({ path }, response) => {
    asked += 1;
    if (asked === 1) answer(response, {}, 10006);
    else if (asked === 2) response.writeHead(502).end('<html>');
    else response.end(JSON.stringify({ time: 1, ...GOOD[path] }));
  };
  const probe = new Probe(server);
  const lines = await startupChecks(probe.transport, {
    environment: 'testnet',
    instrument: new Instrument(BTCUSDT),
    margin: 'isolated',
  });
  await probe.transport.close();
  expect(notOk(lines)).toEqual([]);
  expect(asked).toBe(7);
});
