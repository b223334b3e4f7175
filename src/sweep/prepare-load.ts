import type { Instrument } from '../engine/instrument.ts';
import { InputError } from '../engine/invariant.ts';
import { toUnits } from '../engine/rational.ts';
import { loadInstrument } from '../feeds/instruments.ts';
import type { SeriesInfo } from '../feeds/series-info.ts';
import type { SeriesKey, SeriesOrigin } from '../feeds/series-key.ts';
import { DataStore } from '../feeds/store.ts';
import { fundingIndex } from '../market/funding-index.ts';
import type { FundingIndex } from '../market/funding-index.ts';
import { intervalMs, lowerBound, sliceTape } from '../market/tape.ts';
import type { Tape } from '../market/tape.ts';
import type { TradeTape } from '../market/trade-tape.ts';
import type { ExecutionProfile } from '../venue/execution-profile.ts';
import { storedTrades, tradesBetween } from './prepare-trades.ts';
import type { PreparedRun } from './prepared-run.ts';
import { riskLimitsOf } from '../engine/risk-options.ts';
import type { RunSpec } from './run-spec.ts';

/** Loads what the spec names. Every refusal is an InputError of one line. */
export async function loadRun(spec: RunSpec): Promise<PreparedRun> {
  const loaded = loadInstrument({
    symbol: spec.symbol,
    category: spec.category,
    file: spec.instrumentFile,
    dataDir: spec.dataDir,
  });
  const { instrument } = loaded;
  const store = new DataStore(spec.dataDir);
  const source =
    spec.path === 'trades'
      ? await tradesSource(spec, instrument)
      : await candleSource(store, spec, instrument);
  const { series, period, tape } = source;
  const firstRow = lowerBound(tape.openTimeMs, period.startMs);
  if (firstRow >= tape.count) throw new InputError(emptyPeriod(series));
  const endMs = (tape.openTimeMs[tape.count - 1] ?? 0) + tape.intervalMs;
  checkVolume(spec.execution, tape);
  const { funding, fundingSource, markTape, inputs } = await loadFunding(
    store,
    series,
    instrument,
    tape,
    period.startMs,
    endMs,
  );
  return {
    spec,
    loaded,
    instrument,
    instrumentSpec: loaded.spec,
    tape,
    firstRow,
    startMs: period.startMs,
    endMs,
    funding: sharedFunding(funding),
    fundingSource,
    markTape,
    series,
    trades: source.trades,
    inputs: [...source.inputs, ...inputs],
    leverage: leverageOf(spec, instrument),
    capitalMoney: capitalOf(spec, instrument),
    risk: riskLimitsOf(spec.risk, instrument),
  };
}

type Source = {
  readonly series: SeriesInfo;
  readonly period: Period;
  readonly tape: Tape;
  readonly trades: TradeTape | undefined;
  readonly inputs: readonly SeriesInfo[];
};

type Period = { readonly startMs: number; readonly toMs: number };

async function candleSource(
  store: DataStore,
  spec: RunSpec,
  instrument: Instrument,
): Promise<Source> {
  const series = findSeries(store, spec, instrument.spec.category);
  const whole = await store.loadTape(series.key, instrument);
  const period = periodOf(spec, series);
  const tape = sliceTape(whole, period.startMs - spec.warmupMs, period.toMs);
  return { series, period, tape, trades: undefined, inputs: [series] };
}

async function tradesSource(spec: RunSpec, instrument: Instrument): Promise<Source> {
  const stored = storedTrades(spec, instrument);
  const period = periodOf(spec, stored.series);
  const fromMs = period.startMs - spec.warmupMs;
  const found = await tradesBetween(stored, spec, fromMs, period.toMs);
  const { trades, tape, days, series } = found;
  return { series, period, tape, trades, inputs: days };
}

function findSeries(store: DataStore, spec: RunSpec, category: 'linear' | 'inverse'): SeriesInfo {
  const origins: readonly SeriesOrigin[] =
    spec.origin === undefined ? ['real', 'synthetic'] : [spec.origin];
  for (const origin of origins) {
    const key: SeriesKey = {
      kind: 'candles',
      category,
      symbol: spec.symbol,
      interval: spec.interval,
      origin,
    };
    const info = store.info(key);
    if (info !== undefined) return info;
  }
  const wanted = `${category} ${spec.symbol} ${spec.interval}`;
  const there = store
    .list()
    .filter((info) => info.key.kind === 'candles')
    .map(
      (info) =>
        `${info.synthetic ? 'synthetic ' : ''}${info.key.category} ${info.key.symbol} ${info.key.interval ?? ''}`,
    );
  throw new InputError(
    `no candles of ${wanted} in ${spec.dataDir} (${there.length === 0 ? 'it is empty' : `it holds ${there.join('; ')}`}): ` +
      'get some with lockstep data download, import or synth',
  );
}

function periodOf(spec: RunSpec, series: SeriesInfo): Period {
  const startMs = spec.fromMs ?? series.fromMs + spec.warmupMs;
  const toMs = spec.toMs ?? series.toMs;
  if (startMs >= toMs)
    throw new InputError(
      `the period is empty: --from (${iso(startMs)}) is not before --to (${iso(toMs)})`,
    );
  const intervalLength = intervalMs(spec.interval) ?? 1;
  for (const [name, time] of [
    ['from', startMs],
    ['to', toMs],
  ] as const) {
    if (time % intervalLength !== 0)
      throw new InputError(`--${name} ${iso(time)} does not open a ${spec.interval} candle (UTC)`);
  }
  const earliest = startMs - spec.warmupMs;
  if (earliest < series.fromMs || toMs > series.toMs) {
    const warmup = spec.warmupMs > 0 ? ' (with the warm-up)' : '';
    throw new InputError(
      `the ${series.key.kind} run from ${iso(series.fromMs)} to ${iso(series.toMs)}, the period${warmup} from ${iso(earliest)} to ${iso(toMs)}: ` +
        'narrow --from/--to or get more data',
    );
  }
  return { startMs, toMs };
}

function emptyPeriod(series: SeriesInfo): string {
  return `no candle lies in the period; the series runs from ${iso(series.fromMs)} to ${iso(series.toMs)}`;
}

function checkVolume(execution: ExecutionProfile, tape: Tape): void {
  if (execution.participation === undefined || tape.hasVolume) return;
  throw new InputError(
    `execution ${execution.name} limits participation to ${execution.participation * 100} % of volume, and these candles have no volume: ` +
      'use --participation off',
  );
}

async function loadFunding(
  store: DataStore,
  series: SeriesInfo,
  instrument: Instrument,
  tape: Tape,
  startMs: number,
  endMs: number,
): Promise<{
  funding: FundingIndex;
  fundingSource: PreparedRun['fundingSource'];
  markTape: Tape | undefined;
  inputs: SeriesInfo[];
}> {
  const { category, symbol, origin } = series.key;
  const history = await store.loadFunding(category, symbol, origin);
  const inputs: SeriesInfo[] = [];
  const fundingInfo = store.info({ kind: 'funding', category, symbol, origin });
  if (fundingInfo !== undefined) inputs.push(fundingInfo);
  const markInfo = store
    .list()
    .filter(
      (info) =>
        info.key.kind === 'mark' &&
        info.key.symbol === symbol &&
        info.key.category === category &&
        info.key.origin === origin,
    )
    .sort(
      (a, b) => (intervalMs(a.key.interval ?? '') ?? 0) - (intervalMs(b.key.interval ?? '') ?? 0),
    )[0];
  if (markInfo !== undefined) inputs.push(markInfo);
  const mark = markInfo === undefined ? undefined : await store.loadTape(markInfo.key, instrument);
  const funding = fundingIndex(tape, instrument, history, startMs, endMs, mark);
  const fundingSource =
    history !== undefined ? 'history' : instrument.fundingIntervalMs > 0 ? 'fallback' : 'none';
  // A mark that covers only part of the period would leave the rest without liquidation.
  const covers = markInfo !== undefined && markInfo.fromMs <= startMs && markInfo.toMs >= endMs;
  return { funding, fundingSource, markTape: covers ? mark : undefined, inputs };
}

/** The same numbers in shared memory, so that workers map them. */
function sharedFunding(funding: FundingIndex): FundingIndex {
  const share = (column: Float64Array): Float64Array => {
    const shared = new Float64Array(new SharedArrayBuffer(column.byteLength));
    shared.set(column);
    return shared;
  };
  return {
    count: funding.count,
    timeMs: share(funding.timeMs),
    longCost: share(funding.longCost),
    shortCost: share(funding.shortCost),
  };
}

function leverageOf(spec: RunSpec, instrument: Instrument): number {
  const leverage = spec.leverage ?? instrument.leverage;
  const most = Number(instrument.spec.maxLeverage);
  if (!(leverage >= 1 && leverage <= most)) {
    throw new InputError(`--leverage ${leverage} is outside 1 .. ${most} of ${instrument.symbol}`);
  }
  return leverage;
}

function capitalOf(spec: RunSpec, instrument: Instrument): number {
  if (spec.capital === undefined) return NaN;
  const unit = `0.${'0'.repeat(instrument.moneyDigits - 1)}1`;
  const units = toUnits(spec.capital, unit);
  if (units === undefined || units <= 0) {
    throw new InputError(
      `--capital ${spec.capital} is not a positive amount of ${instrument.settleCurrency} with at most ${instrument.moneyDigits} digits`,
    );
  }
  return units;
}

function iso(timeMs: number): string {
  return new Date(timeMs).toISOString().replace('.000Z', 'Z');
}
