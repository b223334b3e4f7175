import { join } from 'node:path';
import { InputError } from '../engine/invariant.ts';

export type SeriesKind = 'candles' | 'mark' | 'funding';
export type SeriesOrigin = 'real' | 'synthetic';

/** What names a series in the store. Funding has no interval. */
export type SeriesKey = {
  readonly kind: SeriesKind;
  readonly category: 'linear' | 'inverse';
  readonly symbol: string;
  readonly interval?: string;
  readonly origin: SeriesOrigin;
};

export const SERIES_KINDS: readonly SeriesKind[] = ['candles', 'mark', 'funding'];

/** Folder of a series and the stem of its files; synthetic data lives under its own roof. */
export function seriesPlace(dataDir: string, key: SeriesKey): { dir: string; stem: string } {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$/.test(key.symbol)) {
    throw new InputError(`symbol "${key.symbol}" may hold letters, digits, ".", "_" and "-" only`);
  }
  const roof = key.origin === 'synthetic' ? join(dataDir, 'synthetic') : dataDir;
  const dir = join(roof, key.kind, key.category, key.symbol);
  return { dir, stem: key.interval ?? 'settlements' };
}

/** A series as people write it: "synthetic candles linear BTCUSDT 1m". */
export function seriesName(key: SeriesKey): string {
  const origin = key.origin === 'synthetic' ? ['synthetic'] : [];
  const interval = key.interval === undefined ? [] : [key.interval];
  return [...origin, key.kind, key.category, key.symbol, ...interval].join(' ');
}
