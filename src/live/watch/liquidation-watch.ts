import { isRow } from '../../brokers/bybit/wire/decoded.ts';
import { POSITION_LIST } from '../../brokers/bybit/wire/paths.ts';
import type { Effect, Input } from '../session/protocol.ts';
import type { Onlooker } from './onlooker.ts';

/** The liquidation price as the venue last said it, on whichever surface. */
export class LiquidationWatch implements Onlooker {
  /** NaN where there is none. */
  price = NaN;
  readonly #symbol: string;
  readonly #reads = new Set<number>();

  constructor(symbol: string) {
    this.#symbol = symbol;
  }

  acted(input: Input, effects: readonly Effect[]): void {
    for (const effect of effects)
      if (effect.t === 'call' && effect.path === POSITION_LIST) this.#reads.add(effect.call);
    if (input.t === 'failed') this.#reads.delete(input.call);
    if (input.t === 'frame' && input.socket === 'private' && isRow(input.body)) {
      const { topic, data } = input.body;
      if (typeof topic === 'string' && topic.startsWith('position')) this.#rows(data);
    }
    if (input.t === 'reply' && this.#reads.delete(input.call) && isRow(input.body)) {
      const { result } = input.body;
      if (isRow(result)) this.#rows(result['list']);
    }
  }

  #rows(rows: unknown): void {
    if (!Array.isArray(rows)) return;
    for (const row of rows) {
      if (!isRow(row) || row['symbol'] !== this.#symbol) continue;
      const price = Number(row['liqPrice']);
      this.price = Number(row['size']) > 0 && price > 0 ? price : NaN;
    }
  }
}
