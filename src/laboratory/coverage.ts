import { FAULT_KINDS } from './faults.ts';
import type { FaultKind } from './faults.ts';

/** How often each fault struck, and what it struck: a fault that never happens shows nothing. */
export class Coverage {
  readonly #hits = new Map<string, number>();

  hit(kind: FaultKind, target: string): void {
    const pair = `${kind} x ${target}`;
    this.#hits.set(pair, (this.#hits.get(pair) ?? 0) + 1);
  }

  add(other: Coverage): void {
    this.addPairs([...other.#hits]);
  }

  addPairs(pairs: readonly (readonly [string, number])[]): void {
    for (const [pair, times] of pairs) this.#hits.set(pair, (this.#hits.get(pair) ?? 0) + times);
  }

  times(kind: FaultKind): number {
    let sum = 0;
    for (const [pair, times] of this.#hits) if (pair.startsWith(`${kind} x `)) sum += times;
    return sum;
  }

  get total(): number {
    let sum = 0;
    for (const times of this.#hits.values()) sum += times;
    return sum;
  }

  /** Pairs by name, with their counts. */
  pairs(): readonly (readonly [string, number])[] {
    return [...this.#hits].sort(([a], [b]) => (a < b ? -1 : 1));
  }

  neverHit(pairs: readonly string[]): readonly string[] {
    return pairs.filter((pair) => !this.#hits.has(pair));
  }

  silentKinds(): readonly FaultKind[] {
    return FAULT_KINDS.filter((kind) => this.times(kind) === 0);
  }
}
