import type { Argv } from 'yargs';
import { InputError } from '../engine/invariant.ts';
import { DataStore } from '../feeds/store.ts';
import type { SeriesInfo } from '../feeds/series-info.ts';
import { synthesise, synthRecipe } from '../feeds/synthetic.ts';
import type { SynthOptions } from '../feeds/synthetic.ts';
import { synthesiseTrades } from '../feeds/synth-trades.ts';
import { TradeStore } from '../feeds/trade-store.ts';
import { alignedOption, instrumentOf, intervalOption, text, withSymbol } from './data-options.ts';
import type { Interval, SymbolArguments } from './data-options.ts';
import { describeSeries } from './data-text.ts';

const MS_PER_DAY = 86_400_000;
const DEFAULT_DAYS = 90;

type SynthArguments = SymbolArguments & {
  readonly kind: string;
  readonly interval: string;
  readonly from: string;
  readonly to: string | undefined;
  readonly days: number | undefined;
  readonly seed: number;
  readonly drift: number;
  readonly volatility: number;
  readonly startPrice: number | undefined;
};

const number = { type: 'number', requiresArg: true } as const;

export function addSynth(data: Argv): Argv {
  return data.command(
    'synth',
    'Make synthetic candles or trades (kept apart from real ones)',
    (command) =>
      withSymbol(command)
        .option('kind', { ...text, choices: ['candles', 'trades'], default: 'candles' })
        .option('interval', { ...text, default: '1m', describe: 'of candles' })
        .option('from', { ...text, default: '2024-01-01' })
        .option('to', { ...text, describe: 'exclusive; or give --days' })
        .option('days', { ...number, describe: `length in days (${DEFAULT_DAYS})` })
        .option('seed', { ...number, demandOption: true })
        .option('drift', { ...number, default: 0, describe: 'percent a year' })
        .option('volatility', { ...number, default: 55, describe: 'percent a year' })
        .option('start-price', number)
        .conflicts('to', 'days') as unknown as Argv<SynthArguments>,
    (args) => synth(args),
  );
}

async function synth(args: SynthArguments): Promise<void> {
  const { instrument } = instrumentOf(args);
  const interval = intervalOption(args.interval);
  const fromMs = alignedOption('from', args.from, interval);
  const options = {
    instrument,
    intervalMs: interval.ms,
    fromMs,
    toMs: endOf(args, fromMs, interval),
    seed: args.seed,
    startPrice: args.startPrice,
    driftPercent: args.drift,
    volatilityPercent: args.volatility,
  };
  if (args.kind === 'trades') return synthTrades(args.dataDir, options);
  const { category, symbol } = instrument.spec;
  const info = await new DataStore(args.dataDir).putSynthetic(
    { kind: 'candles', category, symbol, interval: interval.name, origin: 'synthetic' },
    instrument,
    synthesise(options),
    { seed: args.seed, recipe: synthRecipe(options) },
  );
  process.stdout.write(`${describeSeries(info)}\n`);
}

async function synthTrades(dataDir: string, options: SynthOptions): Promise<void> {
  const { instrument, seed } = options;
  const store = new TradeStore(dataDir, instrument, 'synthetic');
  const days: SeriesInfo[] = [];
  for (const rows of synthesiseTrades(options)) {
    days.push(...(await store.putSynthetic(rows, { seed, recipe: synthRecipe(options) })));
  }
  const count = days.reduce((sum, { rows }) => sum + rows, 0);
  const [first, last] = [days[0]?.key.day ?? '', days.at(-1)?.key.day ?? ''];
  const { category, symbol } = instrument.spec;
  process.stdout.write(
    `${count} synthetic trades of ${category} ${symbol}, ${first} .. ${last}, seed ${seed}\n`,
  );
}

function endOf(args: SynthArguments, fromMs: number, interval: Interval): number {
  if (args.to !== undefined) return alignedOption('to', args.to, interval);
  const days = args.days ?? DEFAULT_DAYS;
  if (!(days > 0)) throw new InputError(`--days ${days} must be above zero`);
  return fromMs + Math.max(1, Math.floor((days * MS_PER_DAY) / interval.ms)) * interval.ms;
}
