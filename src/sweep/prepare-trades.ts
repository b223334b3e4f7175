import { createHash } from 'node:crypto';
import type { Instrument } from '../engine/instrument.ts';
import { InputError } from '../engine/invariant.ts';
import { MS_PER_DAY } from '../engine/units.ts';
import type { SeriesInfo } from '../feeds/series-info.ts';
import { TradeStore } from '../feeds/trade-store.ts';
import { intervalMs } from '../market/tape.ts';
import { candlesFromTrades } from '../market/trade-candles.ts';
import { sliceTrades } from '../market/trade-tape.ts';
import type { TradeTape } from '../market/trade-tape.ts';
import type { Tape } from '../market/tape.ts';
import type { RunSpec } from './run-spec.ts';

/** The days of trades that a run may be made of. */
export type StoredTrades = {
  readonly store: TradeStore;
  readonly days: readonly SeriesInfo[];
  /** All of them as if they were one series. */
  readonly series: SeriesInfo;
};

/** Real trades where there are any, else synthetic ones, unless the spec says which. */
export function storedTrades(spec: RunSpec, instrument: Instrument): StoredTrades {
  const origins = spec.origin === undefined ? (['real', 'synthetic'] as const) : [spec.origin];
  for (const origin of origins) {
    const store = new TradeStore(spec.dataDir, instrument, origin);
    const days = store.days();
    const [first, last] = [days[0], days.at(-1)];
    if (first === undefined || last === undefined) continue;
    const series = {
      ...first,
      rows: days.reduce((sum, { rows }) => sum + rows, 0),
      fromMs: dayMs(first),
      toMs: dayMs(last) + MS_PER_DAY,
      hash: hashOf(days),
    };
    return { store, days, series };
  }
  throw new InputError(
    `no trades of ${instrument.spec.category} ${spec.symbol} in ${spec.dataDir}: get some with ` +
      'lockstep data import --kind trades, or data synth --kind trades',
  );
}

export type TradesOfRun = {
  readonly trades: TradeTape;
  /** Their candles. */
  readonly tape: Tape;
  readonly days: readonly SeriesInfo[];
  readonly series: SeriesInfo;
};

/** The trades of [fromMs, toMs); every day of it must be there. */
export async function tradesBetween(
  { store, days, series }: StoredTrades,
  spec: RunSpec,
  fromMs: number,
  toMs: number,
): Promise<TradesOfRun> {
  const length = intervalMs(spec.interval) ?? 1;
  if (MS_PER_DAY % length !== 0) {
    throw new InputError(
      `--interval ${spec.interval} is longer than a day: the path trades makes its candles by day`,
    );
  }
  const used: SeriesInfo[] = [];
  const missing: string[] = [];
  for (let ms = Math.floor(fromMs / MS_PER_DAY) * MS_PER_DAY; ms < toMs; ms += MS_PER_DAY) {
    const day = days.find((each) => dayMs(each) === ms);
    if (day === undefined) missing.push(new Date(ms).toISOString().slice(0, 10));
    else used.push(day);
  }
  if (missing.length > 0) throw new InputError(missingText(missing, series, spec));
  const trades = sliceTrades(await store.loadDays(used), fromMs, toMs);
  const hash = hashOf(used);
  const tape = candlesFromTrades(trades, length);
  return { trades, tape, days: used, series: { ...series, hash, rows: trades.count } };
}

function missingText(missing: readonly string[], { key }: SeriesInfo, spec: RunSpec): string {
  const [first = ''] = missing;
  const others = missing.length - 1;
  const more = others === 0 ? '' : ` (and ${others} more ${others === 1 ? 'day' : 'days'})`;
  return (
    `no trades of ${key.category} ${key.symbol} on ${first}${more} in ${spec.dataDir}: ` +
    'import that day, or narrow --from/--to'
  );
}

function dayMs({ key }: SeriesInfo): number {
  return Date.parse(`${key.day ?? ''}T00:00:00Z`);
}

/** Stands for all days together; one day stands for itself. */
function hashOf(days: readonly SeriesInfo[]): string {
  const [only] = days;
  if (days.length === 1 && only !== undefined) return only.hash;
  const hash = createHash('sha256');
  for (const day of days) hash.update(day.hash);
  return hash.digest('hex');
}
