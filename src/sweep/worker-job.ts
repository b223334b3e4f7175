import { Instrument } from '../engine/instrument.ts';
import type { PointSet } from './points.ts';
import type { PreparedRun } from './prepare.ts';

/** A prepared run as it travels to a thread: tape and funding are mapped, not copied. */
export type PackedRun = Omit<PreparedRun, 'instrument' | 'loaded'> & {
  /** A class does not survive the journey: it is compiled again from its spec. */
  readonly instrument: undefined;
  readonly instrumentSource: string;
  readonly instrumentSha256: string;
};

/** What all threads of a sweep have in common. Columns lie in shared memory. */
export type SweepJob = {
  readonly run: PackedRun;
  readonly points: PointSet;
  readonly days: number;
  /** Point ids of the present chunk in the order in which they are run. */
  readonly order: Int32Array;
  /** CURSOR_NEXT: places taken from `order`; CURSOR_DONE: points finished. */
  readonly cursor: Int32Array;
  /** Rows by place in the chunk. */
  readonly metrics: Float64Array;
  readonly daily: Float32Array;
};

export const CURSOR_NEXT = 0;
export const CURSOR_DONE = 1;

/** Points `first` to `first + count` wait to be taken. */
export type ChunkRequest = { readonly first: number; readonly count: number };

export type WorkerAnswer =
  | { readonly type: 'ready' }
  | { readonly type: 'done' }
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
