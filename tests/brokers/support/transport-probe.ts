import type { TransportCall, TransportInput } from '../../../src/brokers/transport.ts';
import { BybitTransport } from '../../../src/brokers/bybit/bybit-transport.ts';
import type { BybitTransportOptions } from '../../../src/brokers/bybit/bybit-transport.ts';
import { endpointsOf } from '../../../src/brokers/bybit/environments.ts';
import type { TransportNotice } from '../../../src/brokers/bybit/notice.ts';
import { Secret } from '../../../src/brokers/bybit/secret.ts';
import type { WireServer } from './wire-server.ts';

export const KEY = 'CANARYKEY0000000';
export const SECRET = 'CANARYSECRET00000000000000000000000';

/** A transport with everything it said, and a way to wait for more. */
export class Probe {
  readonly transport: BybitTransport;
  readonly inputs: TransportInput[] = [];
  readonly notices: TransportNotice[] = [];
  #waiting: (() => void)[] = [];

  constructor(
    server: Pick<WireServer, 'restUrl' | 'wsUrl'>,
    options: Partial<BybitTransportOptions> = {},
  ) {
    this.transport = new BybitTransport(
      {
        endpoints: endpointsOf('emulator', 'linear', {
          baseUrl: server.restUrl,
          wsUrl: server.wsUrl,
        }),
        credentials: { key: new Secret(KEY), secret: new Secret(SECRET) },
        notice: (notice) => this.#note(() => this.notices.push(notice)),
        ...options,
      },
      (input) => this.#note(() => this.inputs.push(input)),
    );
  }

  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** Sends a call and waits for its answer. */
  async call(call: number, request: Partial<TransportCall> = {}): Promise<TransportInput> {
    this.transport.call(callOf(call, request));
    await this.until(() => this.answers(call).length > 0);
    const [answer] = this.answers(call);
    if (answer === undefined) throw new Error('no answer');
    return answer;
  }

  answers(call: number): TransportInput[] {
    return this.inputs.filter((input) => 'call' in input && input.call === call);
  }

  of<T extends TransportInput['t']>(t: T): Extract<TransportInput, { t: T }>[] {
    return this.inputs.filter((input): input is Extract<TransportInput, { t: T }> => input.t === t);
  }

  get frames(): unknown[] {
    return this.of('frame').map(({ body }) => body);
  }

  #note(change: () => void): void {
    change();
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }
}

export function callOf(call: number, request: Partial<TransportCall> = {}): TransportCall {
  return {
    call,
    method: 'GET',
    path: '/v5/order/realtime',
    params: {},
    timeoutMs: 5_000,
    ...request,
  };
}

export function order(linkId: string): Partial<TransportCall> {
  return {
    method: 'POST',
    path: '/v5/order/create',
    params: { category: 'linear', symbol: 'BTCUSDT', orderLinkId: linkId, reduceOnly: false },
  };
}

export const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, ms));
