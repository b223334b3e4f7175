import { afterEach, describe, expect, it } from 'vitest';
import { startupChecks } from '../../src/brokers/bybit/checks/startup-checks.ts';
import { checkText } from '../../src/brokers/bybit/checks/check-line.ts';
import { KlineFeed } from '../../src/brokers/bybit/kline-feed.ts';
import { BybitTransport } from '../../src/brokers/bybit/bybit-transport.ts';
import { endpointsOf } from '../../src/brokers/bybit/environments.ts';
import type { OrderEntry } from '../../src/brokers/bybit/bybit-transport.ts';
import { Secret } from '../../src/brokers/bybit/secret.ts';
import { decodePrivateFrame } from '../../src/brokers/bybit/wire/private-frame.ts';
import { decodeReply } from '../../src/brokers/bybit/wire/reply.ts';
import { queryOpenOrders, queryPosition } from '../../src/brokers/bybit/wire/queries.ts';
import { encodeAmend, encodeCancel, encodeCreate } from '../../src/brokers/bybit/wire/requests.ts';
import type { WireRequest } from '../../src/brokers/bybit/wire/requests.ts';
import { subscribe } from '../../src/brokers/bybit/wire/stream-requests.ts';
import type { ClosedCandle } from '../../src/brokers/candle-feed.ts';
import { Instrument } from '../../src/engine/instrument.ts';
import type { IndicatorNeed } from '../../src/engine/strategy.ts';
import { BUY } from '../../src/engine/units.ts';
import type { Emulator } from '../../src/emulator/emulator.ts';
import { indicatorSeries } from '../../src/market/indicator-series.ts';
import { emulator } from '../emulator/rig.ts';
import { wanderingTape } from '../venue/host/rig.ts';
import { BTCUSDT } from '../fixtures/instruments.ts';
import { wallClock } from './support/wall-clock.ts';
import { Probe } from './support/transport-probe.ts';

const instrument = new Instrument({ ...BTCUSDT, leverage: '10' });
const probes: Probe[] = [];
afterEach(async () => {
  for (const probe of probes.splice(0, Infinity)) await probe.transport.close();
});

function probeOf(at: Emulator, orderEntry: OrderEntry = 'rest', secret = at.apiKey.secret): Probe {
  const credentials = { key: new Secret(at.apiKey.key), secret: new Secret(secret) };
  const probe = new Probe(at, { orderEntry, credentials });
  probes.push(probe);
  return probe;
}

/** The private stream as the session opens it. */
async function subscribed(probe: Probe): Promise<void> {
  probe.transport.connect('private');
  await probe.until(() => probe.of('open').length === 1);
  probe.transport.send('private', { op: 'auth', req_id: 'a' });
  await probe.until(() => probe.frames.length === 1);
  probe.transport.send('private', subscribe('s', ['order', 'execution', 'position', 'wallet']));
  await probe.until(() => probe.frames.length === 2);
}

let calls = 0;
async function ask(probe: Probe, request: WireRequest): Promise<unknown> {
  calls += 1;
  const input = await probe.call(calls, request);
  if (input.t !== 'reply') return input;
  const decoded = decodeReply(request.path, input.body, instrument);
  return decoded.ok ? decoded.value.result : decoded.problems;
}

describe('the transport at the emulator', () => {
  it.each(['rest', 'ws'] as const)('trades, orders over %s', async (entry) => {
    const probe = probeOf(await emulator({ time: 1 }), entry);
    await subscribed(probe);
    if (entry === 'ws')
      await probe.until(() => probe.notices.some(({ code }) => code === 'trade-stream-ready'));
    const limit = { kind: 'Limit', priceTicks: 400_000, postOnly: false } as const;
    const shared = { side: BUY, qtySteps: 2, reduceOnly: false } as const;
    const create = encodeCreate(
      { ...shared, linkId: 'ls-demo01-0-1-entry-1', what: limit },
      instrument,
    );
    expect(await ask(probe, create)).toMatchObject({ kind: 'acknowledged' });
    const linkId = 'ls-demo01-0-1-entry-1';
    const amend = encodeAmend(
      { linkId, priceTicks: 401_000, qtySteps: 0, stop: false },
      instrument,
    );
    expect(await ask(probe, amend)).toMatchObject({ kind: 'acknowledged', orderLinkId: linkId });
    expect(await ask(probe, queryOpenOrders(instrument))).toMatchObject({
      records: [{ orderLinkId: linkId, priceTicks: 401_000 }],
    });
    expect(await ask(probe, encodeCancel(linkId, instrument))).toMatchObject({
      orderLinkId: linkId,
    });
    const market = encodeCreate(
      { ...shared, linkId: 'ls-demo01-0-2-entry-2', what: { kind: 'Market' } },
      instrument,
    );
    expect(await ask(probe, market)).toMatchObject({ kind: 'acknowledged' });
    const executed = (): unknown[] =>
      probe.frames
        .map((frame) => decodePrivateFrame(frame, instrument))
        .flatMap((frame) =>
          frame.ok && frame.value.kind === 'executions' ? frame.value.records : [],
        );
    await probe.until(() => executed().length > 0);
    expect(await ask(probe, queryPosition(instrument))).toMatchObject({ records: [{ steps: 2 }] });
    const undecoded = probe.frames.map((frame) => decodePrivateFrame(frame, instrument));
    expect(undecoded.filter(({ ok }) => !ok)).toEqual([]);
  });

  it('with a secret that does not fit is refused everywhere, and says so', async () => {
    const probe = probeOf(await emulator({ time: 1 }), 'ws', 'wrongwrongwrong');
    probe.transport.connect('private');
    await probe.until(() => probe.of('open').length === 1);
    probe.transport.send('private', { op: 'auth', req_id: 'a' });
    const refusals = (): string[] =>
      probe.notices.filter(({ code }) => code === 'auth-refused').map(({ text }) => text);
    const refused = (name: string): boolean =>
      refusals().some((text) => text.startsWith(`the ${name} stream refused the key`));
    await probe.until(() => refused('private') && refused('trade'));
    expect(await probe.call(1, queryPosition(instrument))).toMatchObject({
      body: { retCode: 10004 },
    });
  });

  it('may start by all of its checks', async () => {
    const probe = probeOf(await emulator({ time: 1 }));
    const lines = await startupChecks(probe.transport, {
      environment: 'emulator',
      instrument,
      margin: 'isolated',
    });
    expect(lines.filter(({ verdict }) => verdict !== 'ok').map(checkText)).toEqual([]);
  });
});

it('the candle feed at the emulator tells the columns of its tape', async () => {
  const needs: readonly IndicatorNeed[] = [
    { kind: 'atr', period: 3, intervalMs: 60_000 },
    { kind: 'sma', period: 5, intervalMs: 60_000 },
  ];
  const tape = wanderingTape(60, 11);
  const columns = indicatorSeries(tape, needs);
  const at = await emulator({ time: 1_000 });
  const told: ClosedCandle[] = [];
  let changed = (): void => undefined;
  const feed = new KlineFeed({
    instrument,
    needs,
    startMs: tape.openTimeMs[0] ?? 0,
    toldUntilMs: -Infinity,
    clock: wallClock,
    transport: (sink) =>
      new BybitTransport(
        { endpoints: endpointsOf('emulator', 'linear', { baseUrl: at.restUrl, wsUrl: at.wsUrl }) },
        sink,
      ),
  });
  feed.start((candle) => {
    told.push(candle);
    changed();
  });
  while (told.length < 40) await new Promise<void>((resolve) => (changed = resolve));
  await feed.close();
  expect(told.slice(0, 40)).toEqual(
    Array.from({ length: 40 }, (_, row) => ({
      closeMs: columns.closeTimeMs[row],
      closeTicks: columns.close[row],
      indicators: needs.map((_need, i) => columns.values[row * needs.length + i]),
    })),
  );
});
