import { createHash } from 'node:crypto';
import {
  appendFileSync, closeSync, existsSync, fstatSync, mkdirSync, openSync, readFileSync, readSync,
  rmSync, truncateSync, writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { invariant } from '../engine/invariant.ts';
import { METRIC_COUNT } from './metrics/registry.ts';
import type { ChunkRows } from './worker-pool.ts';

/** Points of one chunk. Never changed by options: an interrupted sweep may go on with others. */
export const CHUNK_POINTS = 256;

const METRICS_FILE = 'metrics.f64';
const DAILY_FILE = 'daily-returns.f32';
const CHUNKS_FILE = 'chunks.log';

/**
 * Finished chunks of an unfinished sweep, in order, in two growing files. A line per chunk with
 * the hash of its bytes is added last, so that whatever a crash left half-written is not believed.
 */
export class PartialSweep {
  readonly dir: string;
  readonly #metrics: number;
  readonly #daily: number;
  readonly #pointCount: number;
  readonly #days: number;
  chunks: number;

  constructor(dir: string, pointCount: number, days: number) {
    mkdirSync(dir, { recursive: true });
    this.dir = dir;
    this.#pointCount = pointCount;
    this.#days = days;
    this.chunks = this.#believed();
    this.#truncate();
    this.#metrics = openSync(this.path(METRICS_FILE), 'a+');
    this.#daily = openSync(this.path(DAILY_FILE), 'a+');
  }

  get donePoints(): number {
    return Math.min(this.#pointCount, this.chunks * CHUNK_POINTS);
  }

  get dailyPath(): string {
    return this.path(DAILY_FILE);
  }

  append({ metrics, daily }: ChunkRows): void {
    const rows = [bytesOf(metrics), bytesOf(daily)] as const;
    writeWhole(this.#metrics, rows[0]);
    writeWhole(this.#daily, rows[1]);
    appendFileSync(this.path(CHUNKS_FILE), `${this.chunks} ${hashOf(rows)}\n`);
    this.chunks += 1;
  }

  /** The rows of all points, point by point. */
  readMetrics(): Float64Array {
    const rows = new Float64Array(this.#pointCount * METRIC_COUNT);
    readWhole(this.#metrics, bytesOf(rows), 0);
    return rows;
  }

  /** The same array for every point, filled anew. */
  *readDaily(): Generator<Float32Array> {
    const chunk = new Float32Array(CHUNK_POINTS * this.#days);
    for (let first = 0; first < this.#pointCount; first += CHUNK_POINTS) {
      const count = Math.min(CHUNK_POINTS, this.#pointCount - first);
      const rows = chunk.subarray(0, count * this.#days);
      readWhole(this.#daily, bytesOf(rows), first * this.#days * 4);
      for (let i = 0; i < count; i += 1) yield rows.subarray(i * this.#days, (i + 1) * this.#days);
    }
  }

  close(): void {
    closeSync(this.#metrics);
    closeSync(this.#daily);
  }

  path(name: string): string {
    return join(this.dir, name);
  }

  /** Chunks whose bytes are all there, from the first on. */
  #believed(): number {
    if (!existsSync(this.path(CHUNKS_FILE))) return 0;
    const lines = readFileSync(this.path(CHUNKS_FILE), 'utf8').split('\n');
    const metrics = openSync(this.path(METRICS_FILE), 'a+');
    const daily = openSync(this.path(DAILY_FILE), 'a+');
    try {
      let chunk = 0;
      while (lines[chunk] === `${chunk} ${this.#storedHash(chunk, metrics, daily)}`) chunk += 1;
      return chunk;
    } finally {
      closeSync(metrics);
      closeSync(daily);
    }
  }

  #storedHash(chunk: number, metrics: number, daily: number): string {
    const ends = [chunk, chunk + 1].map((at) => this.#bytesAt(at));
    const rows = (['metrics', 'daily'] as const).map((column, i) => {
      const [from, to] = [ends[0]?.[column] ?? 0, ends[1]?.[column] ?? 0];
      const file = i === 0 ? metrics : daily;
      const bytes = new Uint8Array(Math.max(0, to - from));
      return fstatSync(file).size < to || to === from ? undefined : readWhole(file, bytes, from);
    });
    const [first, second] = rows;
    if (first === undefined || second === undefined) return 'nothing there';
    return hashOf([first, second]);
  }

  #bytesAt(chunk: number): { metrics: number; daily: number } {
    const points = Math.min(this.#pointCount, chunk * CHUNK_POINTS);
    return { metrics: points * METRIC_COUNT * 8, daily: points * this.#days * 4 };
  }

  #truncate(): void {
    const { metrics, daily } = this.#bytesAt(this.chunks);
    const log = this.path(CHUNKS_FILE);
    const lines = existsSync(log) ? readFileSync(log, 'utf8').split('\n') : [];
    const kept = lines.slice(0, this.chunks).map((line) => `${line}\n`).join('');
    const sizes = [[METRICS_FILE, metrics], [DAILY_FILE, daily], [CHUNKS_FILE, kept.length]] as const;
    for (const [name, size] of sizes) {
      if (existsSync(this.path(name))) truncateSync(this.path(name), size);
    }
  }
}

/** Chunks an unfinished sweep claims to have; undefined when there is none. */
export function claimedChunks(dir: string): number | undefined {
  const log = join(dir, CHUNKS_FILE);
  return existsSync(log) ? readFileSync(log, 'utf8').split('\n').length - 1 : undefined;
}

export function removePartial(dir: string): void {
  rmSync(dir, { recursive: true, force: true });
}

function bytesOf(rows: Float64Array | Float32Array): Uint8Array {
  return new Uint8Array(rows.buffer, rows.byteOffset, rows.byteLength);
}

function hashOf(parts: readonly Uint8Array[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
}

function writeWhole(file: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
}

function readWhole(file: number, bytes: Uint8Array, from: number): Uint8Array {
  for (let at = 0; at < bytes.length;) {
    const read = readSync(file, bytes, at, bytes.length - at, from + at);
    invariant(read > 0, `a sweep's partial file ends at byte ${from + at}`);
    at += read;
  }
  return bytes;
}
