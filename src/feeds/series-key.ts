import { join } from 'node:path';
import { InputError } from '../engine/invariant.ts';

export type SeriesKind = 'candles' | 'mark' | 'funding' | 'trades';
export type SeriesOrigin = 'real' | 'synthetic';

/** What names a series in the store. Candles have an interval, trades a day, funding neither. */
export type SeriesKey = {
  readonly kind: SeriesKind;
  readonly category: 'linear' | 'inverse';
  readonly symbol: string;
  readonly interval?: string;
  /** UTC day of a trade tape: a tape of months would be written anew for each day added. */
  readonly day?: string;
  readonly origin: SeriesOrigin;
};

export const SERIES_KINDS: readonly SeriesKind[] = ['candles', 'mark', 'funding', 'trades'];

/** Rows one interval apart, with gaps where one is missing; otherwise rows come when they come. */
export function hasCandles(kind: SeriesKind): boolean {
  return kind === 'candles' || kind === 'mark';
}

/** Folder of a series and the stem of its files; synthetic data lives under its own roof. */
export function seriesPlace(dataDir: string, key: SeriesKey): { dir: string; stem: string } {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$/.test(key.symbol)) {
    throw new InputError(`symbol "${key.symbol}" may hold letters, digits, ".", "_" and "-" only`);
  }
  const roof = key.origin === 'synthetic' ? join(dataDir, 'synthetic') : dataDir;
  const dir = join(roof, key.kind, key.category, key.symbol);
  return { dir, stem: key.interval ?? key.day ?? 'settlements' };
}

/** A series as people write it: "synthetic candles linear BTCUSDT 1m". */
export function seriesName(key: SeriesKey): string {
  const origin = key.origin === 'synthetic' ? ['synthetic'] : [];
  const length = key.interval ?? key.day;
  const part = length === undefined ? [] : [length];
  return [...origin, key.kind, key.category, key.symbol, ...part].join(' ');
}
