import { Instrument } from '../engine/instrument.ts';
import { InputError } from '../engine/invariant.ts';
import { seriesName } from '../feeds/series-key.ts';
import { DataStore } from '../feeds/store.ts';
import { TradeStore } from '../feeds/trade-store.ts';
import { PathPoint } from '../market/exact.ts';
import { pathCode } from '../market/path.ts';
import { TapePath } from '../market/tape-path.ts';
import { candlesFromTrades } from '../market/trade-candles.ts';
import { TradePath } from '../market/trade-path.ts';
import type { TradeTape } from '../market/trade-tape.ts';
import { lowerBound } from '../market/tape.ts';
import type { Tape } from '../market/tape.ts';
import type { RunManifest } from '../sweep/outputs/read-run.ts';
import { intervalOption } from './data-options.ts';

/** The market at one time, as the run walked it. Prices as numbers in quote currency. */
export type MarketMoment = {
  readonly price: number;
  /** How the price is meant: on the path, in a closed market, or only the candle is known. */
  readonly basis: 'path' | 'closed market: last close' | 'open of the candle';
  readonly candle: {
    readonly openMs: number;
    readonly open: string;
    readonly high: string;
    readonly low: string;
    readonly close: string;
  };
};

/** From the data the run was made of, and no other. */
export async function marketAt(
  manifest: RunManifest, dataDir: string, atMs: number,
): Promise<MarketMoment> {
  const instrument = new Instrument(manifest.instrument);
  const { trades, tape } =
    manifest.spec.path === 'trades'
      ? await sameTrades(manifest, dataDir, instrument)
      : { trades: undefined, tape: await sameTape(manifest, dataDir, instrument) };
  const row = lowerBound(tape.openTimeMs, atMs + 1) - 1;
  const openMs = tape.openTimeMs[row];
  if (openMs === undefined) throw new InputError(`no candle before the time in ${dataDir}`);
  const text = (column: Int32Array): string => instrument.formatPrice(column[row] ?? 0);
  return {
    ...priceOf({ trades, tape }, row, manifest.spec.path, atMs, instrument),
    candle: {
      openMs, open: text(tape.open), high: text(tape.high), low: text(tape.low),
      close: text(tape.close),
    },
  };
}

type Walked = { readonly tape: Tape; readonly trades: TradeTape | undefined };

function priceOf(
  { tape, trades }: Walked, row: number, path: RunManifest['spec']['path'], atMs: number, instrument: Instrument,
): Pick<MarketMoment, 'price' | 'basis'> {
  const closed = atMs >= (tape.openTimeMs[row] ?? 0) + tape.intervalMs;
  // Which order the adverse path chose in each candle is not kept.
  if (path === 'adverse' && !closed) {
    return { price: (tape.open[row] ?? 0) * instrument.tickSize, basis: 'open of the candle' };
  }
  const point = new PathPoint();
  const walked =
    trades === undefined ? new TapePath(tape, pathCode(path)) : new TradePath(trades, tape);
  walked.priceAt(row, atMs, point);
  return {
    price: point.ticks() * instrument.tickSize,
    basis: closed ? 'closed market: last close' : 'path',
  };
}

async function sameTrades(
  manifest: RunManifest, dataDir: string, instrument: Instrument,
): Promise<Walked> {
  const { interval } = manifest.spec;
  const days = manifest.data.filter(({ key }) => key.kind === 'trades');
  const store = new TradeStore(dataDir, instrument, days[0]?.key.origin);
  const stored = new Map(store.days().map((info) => [info.key.day, info]));
  const found = days.map(({ key, hash }) => {
    const info = stored.get(key.day);
    if (info?.hash === hash) return info;
    throw new InputError(
      `${seriesName(key)} in ${dataDir} is not what the run was made of: give --data-dir, or run again`,
    );
  });
  const trades = await store.loadDays(found);
  return { trades, tape: candlesFromTrades(trades, intervalOption(interval).ms) };
}

async function sameTape(
  manifest: RunManifest, dataDir: string, instrument: Instrument,
): Promise<Tape> {
  const series = manifest.data.find(({ key }) => key.kind === 'candles');
  if (series === undefined) throw new InputError('the manifest names no candles: run it again');
  const store = new DataStore(dataDir);
  const info = store.info(series.key);
  const name = seriesName(series.key);
  if (info === undefined) {
    throw new InputError(`no ${name} in ${dataDir}, of which the run was made: give --data-dir`);
  }
  if (info.hash !== series.hash) {
    throw new InputError(
      `${name} in ${dataDir} has changed since the run (hash ${info.hash.slice(0, 12)}, not ` +
        `${series.hash.slice(0, 12)}): run the backtest again`,
    );
  }
  return store.loadTape(series.key, instrument);
}
