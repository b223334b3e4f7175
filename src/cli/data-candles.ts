import type { Argv } from 'yargs';
import type { Instrument } from '../engine/instrument.ts';
import { InputError } from '../engine/invariant.ts';
import type { SeriesInfo } from '../feeds/series-info.ts';
import { DataStore } from '../feeds/store.ts';
import { TradeStore } from '../feeds/trade-store.ts';
import { instrumentOf, intervalOption, text, withSymbol } from './data-options.ts';
import type { Interval, SymbolArguments } from './data-options.ts';
import { describeSeries } from './data-text.ts';

const MS_PER_DAY = 86_400_000;

type CandleArguments = SymbolArguments & { readonly interval: string };

export function addCandles(data: Argv): Argv {
  return data.command(
    'candles',
    'Make candles of the stored trades',
    (command) =>
      withSymbol(command).option('interval', {
        ...text,
        default: '1m',
      }) as unknown as Argv<CandleArguments>,
    (args) => makeCandles(args),
  );
}

async function makeCandles(args: CandleArguments): Promise<void> {
  const { instrument } = instrumentOf(args);
  const interval = intervalOption(args.interval);
  if (MS_PER_DAY % interval.ms !== 0) {
    throw new InputError(
      `--interval ${interval.name} is longer than a day: trades are kept by day`,
    );
  }
  const trades = new TradeStore(args.dataDir, instrument);
  const days = trades.days();
  if (days.length === 0) throw noTrades(args, instrument);
  const rows = await trades.candlesOf(days, interval.ms);
  const { category, symbol } = instrument.spec;
  const result = await new DataStore(args.dataDir).importCandleRows(
    rows,
    days.map((day) => sourceOfDay(day, interval)),
    {
      key: { kind: 'candles', category, symbol, interval: interval.name, origin: 'real' },
      instrument,
    },
    { file: `trades of ${symbol}`, fileRow: (row) => row + 1, roundedCells: roundedDays(days) },
  );
  const [first, last] = [days[0], days.at(-1)].map((day) => day?.key.day ?? '');
  process.stdout.write(`${rows.count} candles, ${result.newRows} new, of ${first} .. ${last}\n`);
  process.stdout.write(`${describeSeries(result.info)}\n`);
}

/** Stands for the day's trades as they are now: with more of them it is another source. */
function sourceOfDay(day: SeriesInfo, interval: Interval): SeriesInfo['sources'][number] {
  const file = `trades ${day.key.day ?? ''} as ${interval.name}`;
  return { file, sha256: day.hash, importedRows: day.rows };
}

/** Candles of rounded trades are rounded candles. */
function roundedDays(days: readonly SeriesInfo[]): number {
  return days.filter((day) => day.roundedToTick).length;
}

function noTrades(args: CandleArguments, instrument: Instrument): InputError {
  const { category, symbol } = instrument.spec;
  return new InputError(
    `no trades of ${category} ${symbol} in ${args.dataDir}: ` +
      `"lockstep data import --kind trades" brings them in`,
  );
}
