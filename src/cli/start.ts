import type { Argv } from 'yargs';
import { InputError } from '../engine/invariant.ts';
import { downloadCandles } from '../feeds/download.ts';
import { loadInstrument } from '../feeds/instruments.ts';
import type { SeriesKey } from '../feeds/series-key.ts';
import { DataStore } from '../feeds/store.ts';
import { synthesise, synthRecipe } from '../feeds/synthetic.ts';
import { withDataDir } from './data-options.ts';
import { sweep, sweepRequestOf } from './sweep.ts';
import { sweepText } from './table.ts';

const SYMBOL = 'BTCUSD';
const DAYS = 90;
const MS_PER_DAY = 86_400_000;
const PATIENCE_MS = 5_000;
const SEED = 1;
/** Where the made-up candles begin: any day will do, as long as it is always the same. */
const SYNTHETIC_FROM_MS = Date.UTC(2024, 0, 1);

/** Entries follow the price and losses are cut, so that a quarter of a year has trades enough. */
const SWEEP = {
  strategy: 'atr-grid',
  set: ['qty=1000', 'anchor=trailing', 'stopLoss=4'],
  grid: ['multiplier=0.1:2.4:0.1', 'takeProfit=0.25:2.5:0.25'],
} as const;

type StartArguments = { readonly dataDir: string; readonly baseUrl: string | undefined };

export function addStartCommand(program: Argv): Argv {
  return program.command(
    'start',
    `See it work: ${DAYS} days of ${SYMBOL}, a sweep of 240 points, a report`,
    (command) =>
      withDataDir(command).option('base-url', {
        type: 'string', requiresArg: true, describe: 'of the exchange, e.g. https://api.bytick.com',
      }) as unknown as Argv<StartArguments>,
    (args) => start(args),
  );
}

async function start(args: StartArguments): Promise<void> {
  const data = await haveData(args);
  const request = sweepRequestOf({
    ...SWEEP, symbol: SYMBOL, 'data-dir': args.dataDir, synthetic: data.synthetic,
    from: String(data.fromMs), to: String(data.toMs),
  });
  const summary = await sweep({ ...request, resume: 'if-unfinished' });
  if (summary !== undefined) process.stdout.write(sweepText(summary.result, summary.out));
}

type Period = { readonly synthetic: boolean; readonly fromMs: number; readonly toMs: number };

/** Candles that are there, else from the exchange, else made up. */
async function haveData({ dataDir, baseUrl }: StartArguments): Promise<Period> {
  const store = new DataStore(dataDir);
  const { instrument } = loadInstrument({ symbol: SYMBOL, dataDir });
  const { category } = instrument.spec;
  const key: SeriesKey = {
    kind: 'candles', category, symbol: SYMBOL, interval: '1m', origin: 'real',
  };
  const toMs = Math.floor(Date.now() / MS_PER_DAY) * MS_PER_DAY;
  const period = { fromMs: toMs - DAYS * MS_PER_DAY, toMs };
  const there = store.info(key);
  // Whole days that end a day or two ago are as good for a first look.
  if (there !== undefined && there.toMs - there.fromMs >= DAYS * MS_PER_DAY) {
    const endMs = Math.floor(there.toMs / MS_PER_DAY) * MS_PER_DAY;
    const fromMs = endMs - DAYS * MS_PER_DAY;
    if (fromMs >= there.fromMs) return { synthetic: false, fromMs, toMs: endMs };
  }
  try {
    process.stderr.write(`getting ${DAYS} days of ${SYMBOL} 1m from Bybit\n`);
    await downloadCandles(store, { key, instrument, ...period, baseUrl, firstPageMs: PATIENCE_MS });
    return { synthetic: false, ...period };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    process.stderr.write(`${error.message}: going on with synthetic candles\n`);
    return synthetic(store, key);
  }
}

/** Seeded, so that every machine without a network sees the same table. */
async function synthetic(store: DataStore, real: SeriesKey): Promise<Period> {
  const key: SeriesKey = { ...real, origin: 'synthetic' };
  const { instrument } = loadInstrument({ symbol: SYMBOL, dataDir: store.dataDir });
  const period = { fromMs: SYNTHETIC_FROM_MS, toMs: SYNTHETIC_FROM_MS + DAYS * MS_PER_DAY };
  const there = store.info(key);
  const covers = there !== undefined && there.fromMs <= period.fromMs && there.toMs >= period.toMs;
  if (there !== undefined && !covers) {
    return { synthetic: true, fromMs: there.fromMs, toMs: there.toMs };
  }
  if (!covers) {
    const options = { instrument, intervalMs: 60_000, ...period, seed: SEED };
    const origin = { seed: SEED, recipe: synthRecipe(options) };
    await store.putSynthetic(key, instrument, synthesise(options), origin);
  }
  return { synthetic: true, ...period };
}
