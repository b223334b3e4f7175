import { hashText, hashWord } from '../venue/hash.ts';
import type { SeedResult } from './run-seed.ts';

const MS_PER_HOUR = 3_600_000;

/** Sums over seeds: what was run, so that a clean result says how much it says. */
export class SeedTotals {
  seeds = 0;
  broken = 0;
  crashes = 0;
  faults = 0;
  fills = 0;
  orders = 0;
  alarms = 0;
  /** Seeds in which nothing was filled. */
  idle = 0;
  #simulatedMs = 0;
  #hash = hashText('seeds');

  add(result: SeedResult): void {
    const { counts } = result;
    this.seeds += 1;
    if (result.broken !== undefined) this.broken += 1;
    this.#simulatedMs += counts.simulatedMs;
    this.crashes += counts.crashes;
    this.faults += counts.faults;
    this.fills += counts.fills;
    this.orders += counts.orders;
    this.alarms += counts.alarms;
    if (counts.fills === 0) this.idle += 1;
    this.#hash = hashText(result.hash, this.#hash);
  }

  /** Of all seeds, in their order. */
  get hash(): string {
    return hashWord(this.#hash);
  }

  text(): string {
    const hours = (this.#simulatedMs / MS_PER_HOUR).toFixed(0);
    return (
      `${this.seeds} seeds, ${hours} simulated hours, ${this.crashes} crashes, ` +
      `${this.faults} faults, ${this.orders} orders, ${this.fills} fills ` +
      `(none in ${this.idle} seeds), ${this.alarms} alarms: ` +
      `${this.broken} broken; hash ${this.hash}`
    );
  }
}
