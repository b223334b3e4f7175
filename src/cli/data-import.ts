import type { Argv } from 'yargs';
import type { Instrument } from '../engine/instrument.ts';
import { InputError } from '../engine/invariant.ts';
import { DataStore } from '../feeds/store.ts';
import type { ImportOptions, ImportResult } from '../feeds/store.ts';
import { seriesName } from '../feeds/series-key.ts';
import type { SeriesKey } from '../feeds/series-key.ts';
import { TradeStore } from '../feeds/trade-store.ts';
import type { TradeImport } from '../feeds/trade-store.ts';
import { instrumentOf, intervalOption, text, withSymbol } from './data-options.ts';
import type { SymbolArguments } from './data-options.ts';
import { describeSeries } from './data-text.ts';

type ImportArguments = SymbolArguments & {
  readonly files: readonly string[];
  readonly interval: string | undefined;
  readonly kind: string;
  readonly roundToTick: boolean;
};

const KINDS = ['candles', 'mark', 'funding', 'trades'];

export function addImport(data: Argv): Argv {
  return data.command(
    'import <files..>',
    'Import CSV or Parquet files of candles, mark candles, funding or trades',
    (command) =>
      withSymbol(command.positional('files', { type: 'string', array: true, demandOption: true }))
        .option('interval', { ...text, describe: 'candle length, e.g. 1m (candles and mark)' })
        .option('kind', { ...text, choices: KINDS, default: 'candles' })
        .option('round-to-tick', {
          type: 'boolean',
          default: false,
          describe: 'round prices off the tick to the nearest (noted in the manifest)',
        }) as unknown as Argv<ImportArguments>,
    (args) => importFiles(args),
  );
}

async function importFiles(args: ImportArguments): Promise<void> {
  const { instrument } = instrumentOf(args);
  if (args.kind === 'trades') return importTrades(args, instrument);
  const { category } = instrument.spec;
  const { symbol } = args;
  const base = { category, symbol, origin: 'real' } as const;
  const store = new DataStore(args.dataDir);
  if (args.kind === 'funding') {
    const key: SeriesKey = { ...base, kind: 'funding' };
    await eachFile(args.files, { key, instrument }, (path, options) =>
      store.importFunding(path, options),
    );
    return;
  }
  const interval = intervalOption(args.interval).name;
  const kind = args.kind === 'mark' ? 'mark' : 'candles';
  const key: SeriesKey = { ...base, kind, interval };
  const options = { key, instrument, roundToTick: args.roundToTick };
  await eachFile(args.files, options, (path, each) => store.importCandles(path, each));
}

async function importTrades(args: ImportArguments, instrument: Instrument): Promise<void> {
  if (args.interval !== undefined) {
    throw new InputError(
      '--interval is not for trades: "lockstep data candles" makes candles of those stored',
    );
  }
  const store = new TradeStore(args.dataDir, instrument);
  for (const path of args.files) {
    const result = await store.importFile(path, args.roundToTick);
    process.stdout.write(`${path}: ${describeTrades(result)}\n`);
    for (const info of result.days) process.stdout.write(`${describeSeries(info)}\n`);
  }
}

function describeTrades(result: TradeImport): string {
  const { fileRows, newRows, duplicates, roundedCells } = result;
  const twice = duplicates > 0 ? `, ${duplicates} there twice and left out` : '';
  return `${fileRows} trades, ${newRows} new${twice}${roundedText(roundedCells)}`;
}

function roundedText(cells: number): string {
  return cells > 0 ? `, ${cells} prices rounded to the tick` : '';
}

async function eachFile(
  files: readonly string[],
  options: ImportOptions,
  read: (path: string, options: ImportOptions) => Promise<ImportResult>,
): Promise<void> {
  for (const path of files) {
    const result = await read(path, options);
    process.stdout.write(`${path}: ${describeImport(result)}\n`);
    if (path === files.at(-1)) process.stdout.write(`${describeSeries(result.info)}\n`);
  }
}

function describeImport({ info, fileRows, newRows, roundedCells, changed }: ImportResult): string {
  const rounded = roundedText(roundedCells);
  const noted = changed ? '' : ' (nothing to change)';
  return `${fileRows} rows, ${newRows} new in ${seriesName(info.key)}${rounded}${noted}`;
}
