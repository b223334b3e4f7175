import { InvariantError } from '../engine/invariant.ts';
import type { Chance } from '../venue/chance.ts';

/**
 * One append-only file. What is appended is in memory until a sync; a crash keeps what was synced
 * and any part of the rest, cut at any character.
 */
export class SimulatedDisk {
  #chunks: string[] = [];
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
    this.#chunks.push(text);
    this.#length += text.length;
  }

  /** What was appended up to `length` is safe from now on. */
  makeDurable(length: number): void {
    if (length > this.#length) {
      throw new InvariantError(`disk: ${length} characters durable of ${this.#length}`);
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
    const text = this.read().slice(0, length);
    this.#chunks = [text];
    this.#length = text.length;
    this.#durableLength = Math.min(this.#durableLength, text.length);
  }

  read(): string {
    if (this.#chunks.length > 1) this.#chunks = [this.#chunks.join('')];
    return this.#chunks[0] ?? '';
  }
}

/** The text with one bit of one character changed, as a bad disk would give it back. */
export function flipBit(text: string, chance: Chance): string {
  const at = chance.between(0, text.length - 1);
  const flipped = text.charCodeAt(at) ^ (1 << chance.between(0, 6));
  return `${text.slice(0, at)}${String.fromCharCode(flipped)}${text.slice(at + 1)}`;
}
