import { receiveMessageOnPort } from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';
import { invariant } from '../engine/invariant.ts';
import type { IndicatorNeed } from '../engine/strategy.ts';
import type { PreparedRun } from './prepared-run.ts';

/** What all points read and none changes: indexes of the tape, closes with their indicators. */
export type SharedParts = {
  /** Whether another thread builds it, or has. */
  isTaken(name: string): boolean;
  /** The part, built here unless another thread came first: then its work is waited for. */
  take<Part>(name: string, build: () => Part): Part;
};

/** For who runs alone. */
export const OWN_PARTS: SharedParts = { isTaken: () => false, take: (_name, build) => build() };

/** The crossing indexes, and which candles are volatile. */
export const WALK_PART = 'walk';
export const METRICS_PART = 'metrics';

/** Equal for points that can share their closes. */
export function closesPart(needs: readonly IndicatorNeed[]): string {
  return needs.map(({ kind, period, intervalMs }) => `${kind} ${period} ${intervalMs}`).join(', ');
}

/** More than this is not kept for all: closes of minutes over years are large. */
const MOST_SHARED_BYTES = 128 * 2 ** 20;

/** Names of the parts that threads share, given the needs of every group of points. */
export function partNames(
  prepared: PreparedRun, groups: readonly (readonly IndicatorNeed[])[],
): string[] {
  const names = new Set([WALK_PART, METRICS_PART]);
  let bytes = 0;
  for (const needs of groups) {
    if (names.has(closesPart(needs))) continue;
    bytes += closesBytes(prepared, needs);
    if (bytes > MOST_SHARED_BYTES) break;
    names.add(closesPart(needs));
  }
  return [...names];
}

/** Six columns and two of rows, the indicators, and the index with a seventh on top of its cells. */
function closesBytes({ tape, endMs }: PreparedRun, needs: readonly IndicatorNeed[]): number {
  const intervalMs = needs[0]?.intervalMs ?? Infinity;
  const closes = Math.ceil((endMs - (tape.openTimeMs[0] ?? endMs)) / intervalMs);
  const cells = (4 + 2 * needs.length) * (8 / 7);
  return closes * 8 * (7 + needs.length + cells);
}

/** What becomes of each part, by its place among the names. */
export const PART_FREE = 0;
export const PART_TAKEN = 1;
export const PART_READY = 2;

export type BuiltPart = { readonly type: 'built'; readonly part: number; readonly value: unknown };

/** A thread's side. Who builds a part posts it; the main thread passes it on and marks it ready. */
export class ThreadParts implements SharedParts {
  readonly #places: ReadonlyMap<string, number>;
  readonly #states: Int32Array;
  readonly #port: MessagePort;
  readonly #known = new Map<number, unknown>();

  constructor(names: readonly string[], states: Int32Array, port: MessagePort) {
    this.#places = new Map(names.map((name, place) => [name, place]));
    this.#states = states;
    this.#port = port;
  }

  isTaken(name: string): boolean {
    const part = this.#places.get(name);
    return part !== undefined && Atomics.load(this.#states, part) !== PART_FREE;
  }

  take<Part>(name: string, build: () => Part): Part {
    const part = this.#places.get(name);
    if (part === undefined) return build();
    if (!this.#known.has(part)) this.#known.set(part, this.#buildOrAwait(part, build));
    // A name stands for one kind of part: whoever built it ran the same `build`.
    return this.#known.get(part) as Part;
  }

  #buildOrAwait(part: number, build: () => unknown): unknown {
    const before = Atomics.compareExchange(this.#states, part, PART_FREE, PART_TAKEN);
    if (before !== PART_FREE) return this.#await(part);
    const value = build();
    this.#port.postMessage({ type: 'built', part, value } satisfies BuiltPart);
    return value;
  }

  #await(part: number): unknown {
    Atomics.wait(this.#states, part, PART_TAKEN);
    for (;;) {
      const message = receiveMessageOnPort(this.#port) as { message: BuiltPart } | undefined;
      invariant(message !== undefined, `part ${part} is ready, but did not arrive`);
      const { message: arrived } = message;
      if (arrived.part === part) return arrived.value;
      this.#known.set(arrived.part, arrived.value);
    }
  }
}
