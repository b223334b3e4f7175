import type { Argv } from 'yargs';
import { isoTime } from '../feeds/csv-time.ts';
import { downloadCandles } from '../feeds/download.ts';
import type { DownloadProgress } from '../feeds/download.ts';
import { floorToInterval } from '../feeds/interval-check.ts';
import { seriesName } from '../feeds/series-key.ts';
import type { SeriesKey } from '../feeds/series-key.ts';
import { DataStore } from '../feeds/store.ts';
import {
  alignedOption,
  instantOption,
  instrumentOf,
  intervalOption,
  refuseEmptyRange,
  text,
  withSymbol,
} from './data-options.ts';
import type { SymbolArguments } from './data-options.ts';
import { describeSeries } from './data-text.ts';

/** A progress line for each of these many pages. */
const PAGES_PER_LINE = 10;

type DownloadArguments = SymbolArguments & {
  readonly interval: string | undefined;
  readonly from: string;
  readonly to: string | undefined;
  readonly kind: string;
  readonly baseUrl: string | undefined;
  readonly roundToTick: boolean;
};

export function addDownload(data: Argv): Argv {
  return data.command(
    'download',
    'Download candles, mark candles and funding from Bybit',
    (command) =>
      withSymbol(command)
        .option('interval', { ...text, describe: 'candle length, e.g. 1m (not for funding)' })
        .option('from', { ...text, demandOption: true, describe: '2024-01-31, ISO or epoch ms' })
        .option('to', { ...text, describe: 'exclusive; now when left out' })
        .option('kind', {
          ...text,
          choices: ['candles', 'mark', 'funding', 'all'],
          default: 'candles',
        })
        .option('round-to-tick', {
          type: 'boolean',
          default: false,
          describe: 'for candles from before a change of the tick',
        })
        .option('base-url', {
          ...text,
          describe: 'e.g. https://api.bytick.com',
        }) as unknown as Argv<DownloadArguments>,
    (args) => download(args),
  );
}

async function download(args: DownloadArguments): Promise<void> {
  const { instrument } = instrumentOf(args);
  const { category, symbol } = instrument.spec;
  const store = new DataStore(args.dataDir);
  for (const kind of ['candles', 'mark', 'funding'] as const) {
    if (args.kind !== kind && args.kind !== 'all') continue;
    const base = { kind, category, symbol, origin: 'real' } as const;
    const interval = kind === 'funding' ? undefined : intervalOption(args.interval);
    const key: SeriesKey = interval === undefined ? base : { ...base, interval: interval.name };
    const bound = (option: 'from' | 'to', value: string): number =>
      interval === undefined
        ? instantOption(option, value)
        : alignedOption(option, value, interval);
    const fromMs = bound('from', args.from);
    const toMs = args.to === undefined ? undefined : bound('to', args.to);
    refuseEmptyRange(fromMs, toMs ?? floorToInterval(Date.now(), interval?.ms ?? 1));
    const result = await downloadCandles(store, {
      key,
      instrument,
      fromMs,
      toMs,
      baseUrl: args.baseUrl,
      roundToTick: args.roundToTick,
      onProgress: (progress) => showProgress(key, progress),
    });
    process.stdout.write(`${describeSeries(result.info)}; ${result.newRows} new rows\n`);
  }
}

function showProgress(key: SeriesKey, progress: DownloadProgress): void {
  const { pages, rows, oldestMs, resumedPages } = progress;
  if (pages % PAGES_PER_LINE !== 1 && pages !== resumedPages + 1) return;
  const back = oldestMs === undefined ? '' : `, back to ${isoTime(oldestMs)}`;
  const resumed = resumedPages > 0 ? ` (${resumedPages} from before)` : '';
  process.stderr.write(`${seriesName(key)}: ${pages} pages${resumed}, ${rows} rows${back}\n`);
}
