import { InvariantError } from '../engine/invariant.ts';
import type { Chance } from '../venue/chance.ts';

const FIRST_BYTES = 1 << 16;
const MOST_BYTES_A_UNIT = 3;
const utf8 = new TextEncoder();

/**
 * One append-only file. What is appended is in memory until a sync; a crash keeps what was synced
 * and any part of the rest, cut at any byte.
 */
export class SimulatedDisk {
  #bytes = new Uint8Array(FIRST_BYTES);
  #length = 0;
  #durableLength = 0;
  /** Until then nothing can be written or synced. */
  fullUntilMs = -Infinity;

  get length(): number {
    return this.#length;
  }

  get durableLength(): number {
    return this.#durableLength;
  }

  append(text: string): void {
    const needed = this.#length + text.length * MOST_BYTES_A_UNIT;
    if (needed > this.#bytes.length) {
      const larger = new Uint8Array(2 * needed);
      larger.set(this.read());
      this.#bytes = larger;
    }
    this.#length += utf8.encodeInto(text, this.#bytes.subarray(this.#length)).written;
  }

  /** What was appended up to `length` is safe from now on. */
  makeDurable(length: number): void {
    if (length > this.#length) {
      throw new InvariantError(`disk: ${length} bytes durable of ${this.#length}`);
    }
    if (length > this.#durableLength) this.#durableLength = length;
  }

  crash(chance: Chance): void {
    // A process that dies alone loses nothing that it wrote; the machine with it loses some.
    if (chance.hits(0.5)) this.#durableLength = this.#length;
    const unsynced = this.#length - this.#durableLength;
    this.truncate(this.#durableLength + (unsynced === 0 ? 0 : chance.between(0, unsynced)));
    // What a start finds is on the platter.
    this.#durableLength = this.#length;
  }

  truncate(length: number): void {
    this.#length = Math.min(this.#length, length);
    this.#durableLength = Math.min(this.#durableLength, this.#length);
  }

  /** The file as it is now; an append may change what lies beyond its end. */
  read(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }
}

/** A copy with one bit of one byte changed, as a bad disk would give it back. */
export function flipBit(bytes: Uint8Array, at: number, bit: number): Uint8Array {
  const flipped = bytes.slice();
  flipped[at] = (flipped[at] ?? 0) ^ (1 << bit);
  return flipped;
}
