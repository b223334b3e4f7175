import { Instrument } from '../engine/instrument.ts';
import type { PointSet } from './points.ts';
import type { PreparedRun } from './prepare.ts';
import type { BuiltPart } from './shared-parts.ts';

/** A prepared run as it travels to a thread: tape and funding are mapped, not copied. */
export type PackedRun = Omit<PreparedRun, 'instrument' | 'loaded'> & {
  /** A class does not survive the journey: it is compiled again from its spec. */
  readonly instrument: undefined;
  readonly instrumentSource: string;
  readonly instrumentSha256: string;
};

/**
 * What all threads of a sweep have in common. Columns lie in shared memory. Rows are written into
 * a ring of chunks: a thread runs ahead of the disk by at most the ring.
 */
export type SweepJob = {
  readonly run: PackedRun;
  readonly points: PointSet;
  readonly days: number;
  readonly chunkPoints: number;
  /** The id of the first point that is still to be run; chunks are counted from it. */
  readonly first: number;
  /** Ids of all points to be run, in the order in which they are run, chunk by chunk. */
  readonly order: Int32Array;
  readonly cursor: Int32Array;
  /** Names of what threads build for each other, and what has become of each. */
  readonly parts: readonly string[];
  readonly partStates: Int32Array;
  /** Rows by place of the chunk in the ring, then by place of the point in the chunk. */
  readonly metrics: Float64Array;
  readonly daily: Float32Array;
};

/** Chunks in the ring: one that is written, those at hand, and one ahead. */
export const RING_CHUNKS = 4;

/** Places of `order` that are taken. */
export const CURSOR_NEXT = 0;
/** Points finished. */
export const CURSOR_DONE = 1;
/** Chunks whose rows have left the ring; threads wait on it. */
export const CURSOR_FREED = 2;
/** From here on: points finished in each chunk of the ring. */
export const CURSOR_RING = 3;

export function chunkSize({ order, chunkPoints }: SweepJob, chunk: number): number {
  return Math.min(chunkPoints, order.length - chunk * chunkPoints);
}

export type WorkerAnswer =
  | BuiltPart
  /** Every point of the chunk is finished; its rows wait in the ring. */
  | { readonly type: 'chunk'; readonly chunk: number }
  | {
      readonly type: 'failed';
      /** Undefined when the thread failed before it ran any. */
      readonly point: number | undefined;
      readonly message: string;
      readonly stack: string;
      readonly isInput: boolean;
    };

export function packRun(prepared: PreparedRun): PackedRun {
  const { loaded, ...rest } = prepared;
  const { source, sha256 } = loaded;
  return { ...rest, instrument: undefined, instrumentSource: source, instrumentSha256: sha256 };
}

export function unpackRun(packed: PackedRun): PreparedRun {
  const { instrumentSource, instrumentSha256, ...rest } = packed;
  const spec = packed.instrumentSpec;
  const instrument = new Instrument(spec);
  const loaded = { instrument, spec, source: instrumentSource, sha256: instrumentSha256 };
  return { ...rest, instrument, loaded };
}
