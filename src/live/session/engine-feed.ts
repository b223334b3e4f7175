import type { Engine } from '../../engine/engine.ts';
import { EventRegister, writeEvent } from '../../engine/events.ts';
import type { EngineEvent } from '../../engine/events.ts';
import { InvariantError } from '../../engine/invariant.ts';

const MOST_EVENTS_AN_INPUT = 10_000;

/** What the engine is told, in its order, and at what time and price the session knows. */
export class EngineFeed {
  /** Never goes back, whatever the clock does. */
  nowMs = -Infinity;
  priceTicks = NaN;
  /** When a price was last heard. */
  priceSeenMs = NaN;
  /** Close of the last candle that was told. */
  candleMs = -Infinity;
  readonly #engine: Engine;
  readonly #watchesPrice: boolean;
  readonly #carryOut: () => void;
  readonly #register = new EventRegister();
  readonly #queue: EngineEvent[] = [];

  /** `carryOut`: what the engine has commanded, after each event. */
  constructor(engine: Engine, watchesPrice: boolean, carryOut: () => void) {
    this.#engine = engine;
    this.#watchesPrice = watchesPrice;
    this.#carryOut = carryOut;
  }

  tell(event: EngineEvent): void {
    this.#queue.push(event);
  }

  price(ticks: number): void {
    this.priceTicks = ticks;
    this.priceSeenMs = this.nowMs;
    if (this.#watchesPrice || this.#engine.guard.awaitsPrice)
      this.tell({ kind: 'price', timeMs: this.nowMs, priceTicks: ticks });
  }

  gate(bits: number, closed: boolean): void {
    this.tell({ kind: 'gate', timeMs: this.nowMs, bits, closed });
  }

  isGated(bits: number): boolean {
    return ((this.#engine.caution?.gate.bits ?? 0) & bits) !== 0;
  }

  /** A new process: what the old one had not told is not told. */
  clear(): void {
    this.#queue.length = 0;
  }

  /** Tells the engine everything in its order; what it commands may lead to more. */
  drain(): void {
    let told = 0;
    for (let event = this.#queue.shift(); event !== undefined; event = this.#queue.shift()) {
      told += 1;
      if (!(told <= MOST_EVENTS_AN_INPUT))
        throw new InvariantError(`session: more than ${MOST_EVENTS_AN_INPUT} events, a loop`);
      const register = writeEvent(this.#register, event);
      register.knownPriceTicks = this.#watchesPrice ? this.priceTicks : NaN;
      register.priceSeenMs = this.priceSeenMs;
      this.#engine.step(register);
      this.#carryOut();
    }
  }
}
