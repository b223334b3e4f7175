import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { SeriesKey } from './series-key.ts';

export type Range = { readonly fromMs: number; readonly toMs: number };

type Rows = readonly (readonly string[])[];

/**
 * Pages of a download that is not finished, one line each, newest first. A line carries its own
 * checksum: a line that was cut off by a crash is dropped and its page fetched again. Nothing of
 * this reaches a series before the download is whole.
 */
export class PartialDownload {
  readonly path: string;
  readonly #range: Range;
  readonly pages: Rows[] = [];
  /** True when the oldest page said that nothing older is there. */
  finished = false;

  private constructor(path: string, range: Range) {
    this.path = path;
    this.#range = range;
  }

  /** Goes on with an earlier attempt at the same range, or begins anew. */
  static open(
    dataDir: string,
    key: SeriesKey,
    fromMs: number,
    toMs: number | undefined,
    nowMs: number,
  ): PartialDownload {
    const name = [key.kind, key.category, key.symbol, key.interval ?? '8h', fromMs].join('-');
    const path = join(dataDir, '.download', `${name}.jsonl`);
    const lines = existsSync(path) ? goodLines(readFileSync(path, 'utf8')) : [];
    const [head, ...pages] = lines;
    const stored = isRange(head) ? head : undefined;
    const goesOn = stored !== undefined && (toMs === undefined || toMs === stored.toMs);
    const partial = new PartialDownload(path, goesOn ? stored : { fromMs, toMs: toMs ?? nowMs });
    rmSync(path, { force: true });
    mkdirSync(dirname(path), { recursive: true });
    partial.#append(partial.#range);
    if (goesOn) for (const page of pages) if (isPage(page)) partial.add(page.rows, page.more);
    return partial;
  }

  get range(): Range {
    return this.#range;
  }

  /** The last instant the next page may hold. */
  get nextLastMs(): number {
    const oldest = this.pages.findLast((rows) => rows.length > 0)?.at(-1)?.[0];
    return oldest === undefined ? this.#range.toMs - 1 : Number(oldest) - 1;
  }

  add(rows: Rows, more: boolean): void {
    this.#append({ rows, more });
    this.pages.push(rows);
    if (!more) this.finished = true;
  }

  remove(): void {
    rmSync(this.path, { force: true });
  }

  #append(value: unknown): void {
    const json = JSON.stringify(value);
    appendFileSync(this.path, `${checksum(json)} ${json}\n`);
  }
}

function checksum(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

/** Lines up to the first damaged one. */
function goodLines(text: string): unknown[] {
  const values: unknown[] = [];
  for (const line of text.split('\n')) {
    const json = line.slice(17);
    if (line.length < 18 || line.slice(0, 16) !== checksum(json)) break;
    values.push(JSON.parse(json));
  }
  return values;
}

function isRange(value: unknown): value is Range {
  return typeof value === 'object' && value !== null && 'fromMs' in value && 'toMs' in value;
}

function isPage(value: unknown): value is { rows: Rows; more: boolean } {
  return typeof value === 'object' && value !== null && 'rows' in value && 'more' in value;
}
