import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '../engine/invariant.ts';
import { intervalMs } from '../market/tape.ts';
import { writeAtomic } from './atomic-write.ts';
import { readParquet, writeParquet } from './parquet-columns.ts';
import { bodyBytes, columnNames } from './series-columns.ts';
import type { SeriesColumns } from './parquet-columns.ts';
import { seriesInfo } from './series-info.ts';
import type { SeriesInfo } from './series-info.ts';
import { seriesName, seriesPlace } from './series-key.ts';
import type { SeriesKey } from './series-key.ts';
import { bodyHash, readCache, writeCache } from './tape-cache.ts';
import type { CacheHead } from './tape-cache.ts';

/**
 * The files of one series: `<stem>.json` (manifest), `<stem>-<content>.parquet` (the truth) and
 * `<stem>-<content>.bin` (cache). Data files are named by their content, so renaming the manifest
 * is the one moment at which a change happens; a crash before it leaves the old series whole.
 */
export class SeriesFiles {
  readonly key: SeriesKey;
  readonly #dir: string;
  readonly #stem: string;

  constructor(dataDir: string, key: SeriesKey) {
    const { dir, stem } = seriesPlace(dataDir, key);
    this.key = key;
    this.#dir = dir;
    this.#stem = stem;
  }

  get manifestPath(): string {
    return join(this.#dir, `${this.#stem}.json`);
  }

  parquetPath(info: SeriesInfo): string {
    return join(this.#dir, `${info.data}.parquet`);
  }

  readInfo(): SeriesInfo | undefined {
    const path = this.manifestPath;
    return existsSync(path) ? parseManifest(path) : undefined;
  }

  /** The columns as the cache holds them; undefined when it must be made again. */
  readBody(info: SeriesInfo): SharedArrayBuffer | undefined {
    const path = join(this.#dir, `${info.data}.bin`);
    return readCache(path, cacheHead(info), bodyBytes(info.key.kind, info.rows));
  }

  async readColumns(info: SeriesInfo): Promise<Map<string, Float64Array>> {
    const path = this.parquetPath(info);
    if (!existsSync(path)) {
      throw new InputError(`${path} is missing: ${this.#mend(info)}`);
    }
    try {
      return await readParquet(path, columnNames(info.key.kind));
    } catch (error) {
      const why = error instanceof Error ? (error.message.split('\n')[0] ?? '') : '';
      throw new InputError(`${path} is damaged (${why}): ${this.#mend(info)}`);
    }
  }

  /** Makes the cache again from columns that were read from Parquet. */
  rebuildCache(info: SeriesInfo, columns: SeriesColumns): void {
    if (columns.count !== info.rows || bodyHash(columns.body) !== info.hash) {
      throw new InputError(
        `${this.parquetPath(info)} does not match its manifest (hash ${info.hash.slice(0, 12)}): ` +
          this.#mend(info),
      );
    }
    try {
      writeCache(join(this.#dir, `${info.data}.bin`), cacheHead(info), columns.body);
    } catch {
      // A read-only data folder still serves its Parquet.
    }
  }

  /** Puts a new state in place of the one `before`; everything, or nothing. */
  async commit(
    before: SeriesInfo | undefined,
    next: Omit<SeriesInfo, 'hash' | 'data' | 'format' | 'key' | 'rows'>,
    columns: SeriesColumns,
  ): Promise<SeriesInfo> {
    const info: SeriesInfo = {
      format: 1,
      key: this.key,
      rows: columns.count,
      ...next,
      hash: bodyHash(columns.body),
      data: `${this.#stem}-${contentId(columns)}`,
    };
    if (info.data !== before?.data || !existsSync(this.parquetPath(info))) {
      await writeParquet(this.parquetPath(info), columns.parquet);
    }
    writeCache(join(this.#dir, `${info.data}.bin`), cacheHead(info), columns.body);
    this.#refuseRace(before);
    const manifest = `${JSON.stringify(seriesInfo.parse(info), undefined, 2)}\n`;
    writeAtomic(this.manifestPath, [Buffer.from(manifest)]);
    this.#removeOldData(info);
    return info;
  }

  #mend(info: SeriesInfo): string {
    return `delete ${this.manifestPath} and import ${seriesName(info.key)} again`;
  }

  #refuseRace(before: SeriesInfo | undefined): void {
    if (JSON.stringify(this.readInfo()) === JSON.stringify(before)) return;
    throw new InputError(
      `${seriesName(this.key)} was changed by another import meanwhile: run this one again`,
    );
  }

  #removeOldData(info: SeriesInfo): void {
    const mine = new RegExp(`^${this.#stem}-[0-9a-f]{16}\\.(parquet|bin)$`);
    for (const name of readdirSync(this.#dir)) {
      if (mine.test(name) && !name.startsWith(`${info.data}.`)) {
        rmSync(join(this.#dir, name), { force: true });
      }
    }
  }
}

export function parseManifest(path: string): SeriesInfo {
  const mend = 'delete it and import the series again';
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    throw new InputError(`manifest ${path} is not JSON: ${mend}`);
  }
  const parsed = seriesInfo.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new InputError(`manifest ${path}: "${issue?.path.join('.')}" ${issue?.message}: ${mend}`);
}

function cacheHead(info: SeriesInfo): CacheHead {
  return { ...info, intervalMs: intervalMs(info.key.interval ?? '') ?? 0 };
}

/** Not part of a tape's hash, but part of what the file holds. */
const BEYOND_THE_BODY: readonly string[] = ['volume', 'time_us', 'id_high', 'id_low'];

function contentId(columns: SeriesColumns): string {
  const hash = createHash('sha256').update(new Uint8Array(columns.body));
  for (const { name, values } of columns.parquet) {
    if (BEYOND_THE_BODY.includes(name)) hash.update(values);
  }
  return hash.digest('hex').slice(0, 16);
}
