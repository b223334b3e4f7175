import { Agenda } from '../venue/agenda.ts';
import type { FaultDice } from './fault-dice.ts';
import type { Happening } from './happening.ts';
import { hashNumber, hashText } from '../venue/hash.ts';
import { LocalClock } from './local-clock.ts';
import type { Exchange } from '../venue/exchange/exchange.ts';
import type { Trace } from './trace.ts';

/** What the parts of the world share: the time, what is to happen, and the exchange. */
export class Stage {
  nowMs: number;
  readonly agenda = new Agenda<Happening>();
  readonly clock = new LocalClock();
  readonly dice: FaultDice;
  readonly trace: Trace;
  readonly exchange: Exchange;
  readonly symbol: string;
  /** Nothing passes until then. */
  partitionedUntilMs = -Infinity;
  /** Every call is answered with 403 until then. */
  bannedUntilMs = -Infinity;
  /** Effects of faults last until then: calm begins later. */
  disturbedUntilMs = -Infinity;
  /** Everything that left the process, in order: equal runs have equal hashes. */
  #hash = hashText('lockstep');

  constructor(startMs: number, dice: FaultDice, trace: Trace, exchange: Exchange, symbol: string) {
    this.nowMs = startMs;
    this.dice = dice;
    this.trace = trace;
    this.exchange = exchange;
    this.symbol = symbol;
  }

  get isPartitioned(): boolean {
    return this.nowMs < this.partitionedUntilMs;
  }

  get hash(): number {
    return this.#hash;
  }

  put(afterMs: number, happening: Happening): void {
    this.agenda.put(this.nowMs + afterMs, happening);
  }

  disturb(untilMs: number): void {
    if (untilMs > this.disturbedUntilMs) this.disturbedUntilMs = untilMs;
  }

  mix(text: string): void {
    this.#hash = hashText(text, hashNumber(this.nowMs, this.#hash));
  }
}
