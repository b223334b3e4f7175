import type { Transport, TransportInput } from '../transport.ts';
import type { WireRequest } from '../bybit/wire/requests.ts';

const TIMEOUT_MS = 5_000;
const HTTP_OK = 200;

/** Reads over a transport as promises: the body, or undefined where there is none. */
export class RestLine {
  readonly #transport: Transport;
  readonly #waiting = new Map<number, (body: unknown) => void>();
  #calls = 0;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  ask(request: WireRequest): Promise<unknown> {
    this.#calls += 1;
    const call = this.#calls;
    return new Promise((resolve) => {
      this.#waiting.set(call, resolve);
      this.#transport.call({ ...request, call, timeoutMs: TIMEOUT_MS });
    });
  }

  answered(input: Extract<TransportInput, { call: number }>): void {
    const resolve = this.#waiting.get(input.call);
    this.#waiting.delete(input.call);
    resolve?.(input.t === 'reply' && input.status === HTTP_OK ? input.body : undefined);
  }
}
