import { isoTime } from '../feeds/csv-time.ts';
import type { SeriesInfo } from '../feeds/series-info.ts';
import { hasCandles, seriesName } from '../feeds/series-key.ts';

/** A series in one line. */
export function describeSeries(info: SeriesInfo): string {
  const candles = hasCandles(info.key.kind);
  const notes = [
    `${info.rows} rows`,
    `${isoTime(info.fromMs)} .. ${isoTime(info.toMs - (candles ? 0 : 1))}`,
    candles ? gapText(info) : undefined,
    info.roundedToTick ? 'rounded to tick' : undefined,
    info.hasVolume || info.key.kind !== 'candles' ? undefined : 'no volume',
    info.seed === undefined ? undefined : `seed ${info.seed}`,
    `hash ${info.hash.slice(0, 12)}`,
  ];
  return `${seriesName(info.key)}: ${notes.filter((note) => note !== undefined).join(', ')}`;
}

function gapText(info: SeriesInfo): string {
  if (info.gaps.length === 0) return 'no gaps';
  const missing = info.gaps.reduce((sum, gap) => sum + gap.missingCandles, 0);
  const word = info.gaps.length === 1 ? 'gap' : 'gaps';
  return `${info.gaps.length} ${word} (${missing} candles missing)`;
}
