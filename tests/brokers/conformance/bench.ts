import { BybitTransport } from '../../../src/brokers/bybit/bybit-transport.ts';
import { endpointsOf } from '../../../src/brokers/bybit/environments.ts';
import type { Endpoints } from '../../../src/brokers/bybit/environments.ts';
import { Secret } from '../../../src/brokers/bybit/secret.ts';
import { InProcessTransport } from '../../../src/brokers/hosted/in-process-transport.ts';
import type { HostedVenue } from '../../../src/brokers/hosted/hosted-venue.ts';
import type { Transport, TransportInput } from '../../../src/brokers/transport.ts';
import type { Instrument } from '../../../src/engine/instrument.ts';
import { control, emulator } from '../../emulator/rig.ts';
import { DryWorld } from '../dry-run/dry-world.ts';
import { START_MS, hostOf, shipped, tapeOf } from '../../venue/host/rig.ts';

/** A broker under test: its transport, and what can be done around it. */
export type Bench = {
  readonly instrument: Instrument;
  readonly transport: Transport;
  readonly inputs: TransportInput[];
  /** About where the price is, in ticks. */
  readonly nearTicks: number;
  /** Lets a little time pass. */
  readonly pass: () => Promise<void>;
  /** The price goes there for a moment; undefined where nobody can move it. */
  readonly touch: ((ticks: number) => Promise<void>) | undefined;
};

const FLAT_TICKS = 500_000;
const STEP_MS = 20;

function flatTape(): ReturnType<typeof tapeOf> {
  return tapeOf(Array.from({ length: 60 }, () => [FLAT_TICKS, FLAT_TICKS, FLAT_TICKS, FLAT_TICKS]));
}

/** The venue of the simulator in this process. */
export function hostedBench(): Promise<Bench> {
  const host = hostOf(flatTape());
  return Promise.resolve({
    ...hosted(host),
    touch: (ticks: number) => {
      host.spike(ticks);
      return Promise.resolve();
    },
  });
}

/** A dry run: the same venue in this process, under the prices of another. */
export async function dryBench(): Promise<Bench> {
  const world = new DryWorld(flatTape());
  await world.pass(1_000);
  return {
    instrument: shipped('BTCUSDT'),
    transport: world.transport,
    inputs: world.inputs,
    nearTicks: FLAT_TICKS,
    pass: () => world.pass(STEP_MS),
    touch: async (ticks) => {
      world.prices.at(-1)?.spike(ticks);
      await world.pass(STEP_MS);
    },
  };
}

function hosted(venue: HostedVenue): Omit<Bench, 'touch'> {
  const inputs: TransportInput[] = [];
  const transport = new InProcessTransport(venue, (input) => inputs.push(input));
  const pass = (): Promise<void> => {
    const untilMs = transport.nowMs + STEP_MS;
    while (transport.nextMs() <= untilMs) transport.advanceTo(untilMs, () => undefined);
    transport.advanceTo(untilMs, () => undefined);
    return Promise.resolve();
  };
  return { instrument: shipped('BTCUSDT'), transport, inputs, nearTicks: FLAT_TICKS, pass };
}

/** The Bybit broker, SDK and all, at the emulator. */
export async function emulatorBench(): Promise<Bench> {
  const { tape, startMs } = { tape: flatTape(), startMs: START_MS };
  const at = await emulator({ time: 1, hostChanges: { tape, startMs } });
  const { restUrl: baseUrl, wsUrl, apiKey } = at;
  const endpoints = endpointsOf('emulator', 'linear', { baseUrl, wsUrl });
  const instrument = shipped('BTCUSDT');
  return {
    ...overTheWire(endpoints, apiKey.key, apiKey.secret),
    instrument,
    nearTicks: FLAT_TICKS,
    touch: async (ticks) => {
      await control(at, 'spike', { price: instrument.formatPrice(ticks) });
    },
  };
}

/** Bybit's testnet, where a key for it is in the environment. */
export async function testnetBench(key: string, secret: string): Promise<Bench> {
  const instrument = shipped('BTCUSDT');
  const wire = overTheWire(endpointsOf('testnet', 'linear'), key, secret);
  const params = { category: 'linear', symbol: 'BTCUSDT' };
  wire.transport.call({
    call: 0,
    method: 'GET',
    path: '/v5/market/tickers',
    params,
    timeoutMs: 5_000,
  });
  while (wire.inputs.length === 0) await wire.pass();
  const text = JSON.stringify(wire.inputs.splice(0, Infinity));
  const price = Number(/"lastPrice":"([\d.]+)"/.exec(text)?.[1]);
  return {
    ...wire,
    instrument,
    nearTicks: Math.round(price / instrument.tickSize),
    touch: undefined,
  };
}

function overTheWire(
  endpoints: Endpoints,
  key: string,
  secret: string,
): Pick<Bench, 'transport' | 'inputs' | 'pass'> {
  const inputs: TransportInput[] = [];
  const credentials = { key: new Secret(key), secret: new Secret(secret) };
  const transport = new BybitTransport({ endpoints, credentials }, (input) => inputs.push(input));
  const pass = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));
  return { transport, inputs, pass };
}
