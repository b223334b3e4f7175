import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { mayStart } from '../../src/brokers/bybit/checks/check-line.ts';
import { startupChecks } from '../../src/brokers/bybit/checks/startup-checks.ts';
import { Instrument } from '../../src/engine/instrument.ts';
import { BTCUSDT } from '../fixtures/instruments.ts';
import { inDays, KEY_INFO, look, notOk, ok } from './support/startup-answers.ts';
import type { Answer, Row } from './support/startup-answers.ts';
import { KEY, Probe, SECRET } from './support/transport-probe.ts';
import { answer, WireServer } from './support/wire-server.ts';

let server: WireServer;

beforeEach(async () => {
  server = await WireServer.start(KEY, SECRET);
});
afterEach(() => server.close());

const key = (change: Row): Record<string, Answer> => ({
  '/v5/user/query-api': ok({ ...KEY_INFO, ...change }),
});
const permissions = (change: Row): Record<string, Answer> =>
  key({ permissions: { ...(KEY_INFO['permissions'] as Row), ...change } });
const refusedKey = (retCode: number): Record<string, Answer> => ({
  '/v5/user/query-api': { retCode, result: {} },
});
describe('a key', () => {
  it('that can trade and no more, on an account as expected, may start', async () => {
    const lines = await look(server, {});
    expect(notOk(lines)).toEqual([]);
    expect(mayStart(lines)).toBe(true);
    expect(lines.map(({ check }) => check)).toEqual([
      'clock',
      'API key',
      'key writes',
      'key trades contracts',
      'key moves money',
      'key does more',
      'key’s addresses',
      'key expires',
      'contract',
      'settled in',
      'status',
      'tick',
      'quantity step',
      'smallest quantity',
      'smallest value',
      'largest quantity',
      'largest market order',
      'largest leverage',
      'funding every',
      'taker fee',
      'maker fee',
      'account kind',
      'margin mode',
      'position mode',
      'leverage',
    ]);
  });

  it.each<readonly [string, Record<string, Answer>, string]>([
    [
      'can withdraw',
      permissions({ Wallet: ['AccountTransfer', 'Withdraw'] }),
      'key moves money: "AccountTransfer" "Withdraw" (wanted: none) refused',
    ],
    [
      'can transfer',
      permissions({ Wallet: ['AccountTransfer'] }),
      'key moves money: "AccountTransfer" (wanted: none) refused',
    ],
    [
      'can transfer from a sub-account',
      permissions({ Wallet: ['SubMemberTransferList'] }),
      'key moves money: "SubMemberTransferList" (wanted: none) refused',
    ],
    [
      'can pay in a way that nobody has heard of',
      permissions({ Wallet: ['Teleport'] }),
      'key moves money: "Teleport" (wanted: none) refused',
    ],
    [
      'only reads',
      key({ readOnly: 1 }),
      'key writes: only reads (wanted: reads and writes) refused',
    ],
    [
      'trades spot and no contracts',
      permissions({ ContractTrade: [], Derivatives: [], Spot: ['SpotTrade'] }),
      'key trades contracts: none (wanted: Order Position) refused',
    ],
    [
      'may order and not see positions',
      permissions({ ContractTrade: ['Order'], Derivatives: [] }),
      'key trades contracts: "Order" (wanted: Order Position) refused',
    ],
    [
      'has expired, and the venue still answers',
      key({ expiredAt: inDays(-1) }),
      'key expires: it has expired (wanted: more than 14 days) refused',
    ],
    [
      'has expired',
      refusedKey(33004),
      'API key: code 33004: it has expired (wanted: accepted) refused',
    ],
    [
      'is of another environment',
      refusedKey(10003),
      'API key: code 10003: unknown here: invalid, or of another environment (wanted: accepted) refused',
    ],
    [
      'has another secret',
      refusedKey(10004),
      'API key: code 10004: its secret does not fit (wanted: accepted) refused',
    ],
    [
      'is bound to another address',
      refusedKey(10010),
      'API key: code 10010: not accepted from this address (wanted: accepted) refused',
    ],
    [
      'may not even ask',
      refusedKey(10005),
      'API key: code 10005: it has no permission for this (wanted: accepted) refused',
    ],
    [
      'has permissions that cannot be read',
      key({ permissions: { Wallet: 'Withdraw' } }),
      'API key: its permissions cannot be read (wanted: a list of them) refused',
    ],
    [
      'has no permissions at all in the answer',
      key({ permissions: undefined }),
      'API key: its permissions cannot be read (wanted: a list of them) refused',
    ],
  ])('that %s is refused, with one line that says so', async (_, answers, text) => {
    const lines = await look(server, answers);
    expect(mayStart(lines)).toBe(false);
    expect(notOk(lines).filter((line) => line.endsWith('refused'))).toEqual([text]);
    expect(JSON.stringify(lines)).not.toContain(KEY);
  });

  it('whose secret signs wrongly is refused by the venue itself', async () => {
    const other = await WireServer.start(KEY, 'another secret');
    const probe = new Probe(other);
    other.rest = ({ signed }, response) => answer(response, {}, signed ? 0 : 10004);
    const lines = await startupChecks(probe.transport, {
      environment: 'testnet',
      instrument: new Instrument(BTCUSDT),
      margin: 'isolated',
    });
    await probe.transport.close();
    await other.close();
    expect(notOk(lines)[0]).toContain('its secret does not fit');
  });

  it.each<readonly [string, Record<string, Answer>, string]>([
    [
      'works from anywhere',
      key({ ips: ['*'] }),
      'key’s addresses: any (wanted: bound to yours) warning',
    ],
    ['names no address', key({ ips: [] }), 'key’s addresses: any (wanted: bound to yours) warning'],
    [
      'expires soon',
      key({ expiredAt: inDays(10.5) }),
      'key expires: in 10 days (wanted: more than 14 days) warning',
    ],
    [
      'expires soon, and says it in days alone',
      key({ expiredAt: '', deadlineDay: 3 }),
      'key expires: in 3 days (wanted: more than 14 days) warning',
    ],
    [
      'trades more than contracts',
      permissions({ Spot: ['SpotTrade'] }),
      'key does more: "Spot" (wanted: none) warning',
    ],
  ])('that %s is warned of, and may start', async (_, answers, text) => {
    const lines = await look(server, answers);
    expect(notOk(lines)).toEqual([text]);
    expect(mayStart(lines)).toBe(true);
  });

  it('bound to an address does not expire', async () => {
    const lines = await look(server, key({ expiredAt: '1970-01-01T00:00:00Z', deadlineDay: -2 }));
    expect(notOk(lines)).toEqual([]);
  });
});
