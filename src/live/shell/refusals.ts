import { isRow } from '../../brokers/bybit/wire/decoded.ts';
import type { Effect, Input } from '../session/protocol.ts';

export type Refusal = {
  readonly text: string;
  /** The same request was refused in the same words before, and none was taken since. */
  readonly isAgain: boolean;
};

/** Requests that the exchange took no notice of, in its own words. */
export class Refusals {
  readonly #paths = new Map<number, string>();
  #last = '';

  sent(effects: readonly Effect[]): void {
    for (const effect of effects)
      if (effect.t === 'call' && effect.method === 'POST')
        this.#paths.set(effect.call, effect.path);
  }

  /** Undefined where the input refuses nothing. */
  heard(input: Input): Refusal | undefined {
    if (input.t !== 'reply' && input.t !== 'failed') return undefined;
    const path = this.#paths.get(input.call);
    this.#paths.delete(input.call);
    if (path === undefined || input.t === 'failed' || !isRow(input.body)) return undefined;
    const { retCode, retMsg } = input.body;
    if (typeof retCode !== 'number') return undefined;
    if (retCode === 0) {
      this.#last = '';
      return undefined;
    }
    const text = `the exchange refuses ${path}: ${retCode} ${String(retMsg)}`;
    const isAgain = text === this.#last;
    this.#last = text;
    return { text, isAgain };
  }
}
