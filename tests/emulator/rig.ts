import { RestClientV5 } from 'bybit-api';
import { afterEach } from 'vitest';
import WebSocket from 'ws';
import { startEmulator } from '../../src/emulator/emulator.ts';
import type { Emulator, EmulatorOptions } from '../../src/emulator/emulator.ts';
import { parseFaultPlan } from '../../src/emulator/faults/fault-plan.ts';
import type { HostOptions } from '../../src/venue/host/options.ts';
import { optionsOf, wanderingTape } from '../venue/host/rig.ts';

export type Row = Record<string, unknown>;

const running: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const stop of running.splice(0, Infinity).reverse()) await stop();
});

export function atEnd(stop: () => Promise<void> | void): void {
  running.push(stop);
}

/** An emulator on a tape of an hour, at 60 venue seconds a second; stopped when the test is over. */
export async function emulator(
  changes: Partial<EmulatorOptions> & { readonly hostChanges?: Partial<HostOptions> } = {},
): Promise<Emulator> {
  const { hostChanges, ...rest } = changes;
  const host = optionsOf(wanderingTape(60, 11), hostChanges);
  const started = await startEmulator({ host, time: 60, ...rest });
  atEnd(() => started.close());
  return started;
}

export function plan(parts: object): EmulatorOptions['faults'] {
  return parseFaultPlan(JSON.stringify(parts), 'plan');
}

/** The real SDK, at the emulator. */
export function restOf(
  { restUrl, apiKey }: Emulator,
  changes: Partial<NonNullable<ConstructorParameters<typeof RestClientV5>[0]>> = {},
  timeoutMs = 5_000,
): RestClientV5 {
  return new RestClientV5(
    { ...apiKey, baseUrl: restUrl, enable_time_sync: false, ...changes },
    { timeout: timeoutMs },
  );
}

export const market = { category: 'linear', symbol: 'BTCUSDT' } as const;

export const order = {
  ...market,
  side: 'Buy',
  orderType: 'Limit',
  qty: '0.001',
  price: '49000',
} as const;

export const taker = { ...market, side: 'Buy', orderType: 'Market', qty: '0.001' } as const;

export async function control(
  { controlUrl, controlToken }: Emulator,
  name: string,
  body?: object,
  headers: Record<string, string> = {},
): Promise<{ status: number; body: Row }> {
  const answer = await fetch(`${controlUrl}/${name}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { Authorization: `Bearer ${controlToken}`, ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: (await answer.json()) as Row };
}

/** A bare socket that remembers what it heard, for what an SDK would hide. */
export class Ear {
  readonly heard: Row[] = [];
  isClosed = false;
  readonly #socket: WebSocket;
  readonly #wake: (() => void)[] = [];

  constructor(url: string, headers: Record<string, string> = {}) {
    this.#socket = new WebSocket(url, { headers });
    this.#socket.on('message', (data) => {
      this.heard.push(JSON.parse(String(data)) as Row);
      this.#stir();
    });
    this.#socket.on('close', () => {
      this.isClosed = true;
      this.#stir();
    });
    this.#socket.on('error', () => undefined);
    atEnd(() => {
      this.#socket.terminate();
    });
  }

  get isOpen(): boolean {
    return this.#socket.readyState === WebSocket.OPEN;
  }

  opened(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#socket.once('open', resolve);
      this.#socket.once('error', reject);
    });
  }

  say(body: object): void {
    this.#socket.send(JSON.stringify(body));
  }

  /** The first thing heard that fits, now or later. */
  async until(fits: (row: Row) => boolean): Promise<Row> {
    for (;;) {
      const found = this.heard.find(fits);
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => this.#wake.push(resolve));
      if (this.isClosed && !this.heard.some(fits)) throw new Error('closed before it was heard');
    }
  }

  async closed(): Promise<void> {
    while (!this.isClosed) await new Promise<void>((resolve) => this.#wake.push(resolve));
  }

  end(): void {
    this.#socket.close();
  }

  #stir(): void {
    for (const wake of this.#wake.splice(0, Infinity)) wake();
  }
}
