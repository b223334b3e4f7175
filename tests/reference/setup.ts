import type { InstrumentSpec } from '../../src/engine/instrument.ts';
import type { ExecutionProfile } from '../../src/venue/execution-profile.ts';
import { LEGS, delayTable, marketDelay } from './chance.ts';
import type { LegName } from './chance.ts';
import { emptyEngine } from './engine-state.ts';
import { emptyLedger, fundingSums } from './money.ts';
import { lastRow } from './path.ts';
import { knowClose } from './run.ts';
import type { IndicatorWish, Strategy } from './strategy.ts';
import type { Candle, KnownClose, PathName, Settlement, State, World } from './world.ts';

export type Funding = readonly { readonly t: number; readonly rate: number }[];

export type RunInput = {
  readonly candles: readonly Candle[]; readonly intervalMs: number; readonly spec: InstrumentSpec;
  readonly profile: ExecutionProfile; readonly path: PathName; readonly seed: number; readonly startMs: number;
  readonly leverage: number; readonly capital: bigint | undefined; readonly funding: Funding | undefined;
  /** The mark series, with candles of the same length. */
  readonly mark: readonly Candle[] | undefined;
};

export function makeReferenceWorld(input: RunInput, strategy: Strategy): World {
  const { candles, intervalMs, spec, profile, path, seed, startMs, leverage, capital, mark } = input;
  const inverse = spec.category === 'inverse';
  const settles = inverse ? spec.baseCurrency : spec.quoteCurrency;
  const dollars = ['USD', 'USDT', 'USDC', 'EUR', 'GBP', 'JPY', 'CHF'].includes(settles);
  const tables = Object.fromEntries(LEGS.map((leg) => [leg, delayTable(profile.legs[leg])])) as Record<LegName, number[]>;
  const endMs = (candles.at(-1)?.t ?? 0) + intervalMs;
  const world: World = {
    candles, intervalMs, spec, inverse, moneyUnit: dollars ? 10n ** 8n : 10n ** 12n, profile, tables,
    volatile: volatileCandles(candles, profile), highFirst: candles.map((c) => pathOf(path, c)), path, seed,
    startMs, endMs, leverage, capital, mark, settlements: settlementsOf(input, endMs), closes: [],
    draws: Object.fromEntries(LEGS.map((leg) => [leg, new Set(tables[leg]).size > 1])) as Record<LegName, boolean>,
    fundingLong: [], fundingShort: [],
  };
  return { ...world, closes: closesOf(world, strategy.indicators), ...fundingSums(world) };
}

function pathOf(path: PathName, candle: Candle): boolean {
  if (path === 'low-first') return false;
  if (path === 'high-first' || path === 'adverse') return true;
  return candle.close < candle.open;
}

function volatileCandles(candles: readonly Candle[], profile: ExecutionProfile): boolean[] {
  const ranges = atr(candles, 14);
  return candles.map((candle, i) => {
    const before = i === 0 ? undefined : ranges[i - 1];
    return before !== undefined && profile.volatility !== undefined
      && candle.high - candle.low > profile.volatility.rangeAtrs * before;
  });
}

type Bar = { readonly high: number; readonly low: number; readonly close: number };

function atr(bars: readonly Bar[], period: number): (number | undefined)[] {
  const values: (number | undefined)[] = [];
  let sum = 0;
  let value: number | undefined;
  bars.forEach((bar, i) => {
    const before = bars[i - 1];
    if (before !== undefined) {
      const range = Math.max(bar.high, before.close) - Math.min(bar.low, before.close);
      if (value !== undefined) value += (range - value) * (1 / period);
      else sum += range;
      if (i === period) value = sum / period;
    }
    values.push(value);
  });
  return values;
}

function sma(bars: readonly Bar[], period: number): (number | undefined)[] {
  return bars.map((_, i) => i + 1 < period ? undefined
    : bars.slice(i + 1 - period, i + 1).reduce((sum, bar) => sum + bar.close, 0) / period);
}

function closesOf(world: World, wishes: readonly IndicatorWish[]): KnownClose[] {
  const interval = wishes[0]?.intervalMs;
  if (interval === undefined) return [];
  const buckets = new Map<number, { high: number; low: number; close: number }>();
  for (const c of world.candles) {
    const start = Math.floor(c.t / interval) * interval;
    const bar = buckets.get(start);
    if (bar === undefined) buckets.set(start, { high: c.high, low: c.low, close: c.close });
    else buckets.set(start, { high: Math.max(bar.high, c.high), low: Math.min(bar.low, c.low), close: c.close });
  }
  const first = world.candles[0]?.t ?? 0;
  const whole = [...buckets].filter(([start]) => start >= first && start + interval <= world.endMs);
  const bars = whole.map(([, bar]) => bar);
  const columns = wishes.map((wish) => (wish.kind === 'atr' ? atr(bars, wish.period) : sma(bars, wish.period)));
  let knownAt = -Infinity;
  return whole.map(([start, bar], i) => {
    knownAt = Math.max(knownAt, start + interval + marketDelay(world, start + interval));
    return { knownAt, close: bar.close, values: columns.map((column) => column[i]) };
  });
}

function settlementsOf(input: RunInput, endMs: number): Settlement[] {
  const { candles, intervalMs, spec, startMs, funding, mark } = input;
  const priceAt = (t: number): number | undefined => {
    const held = mark?.[lastRow(mark, t)];
    if (held !== undefined && t < held.t + intervalMs) return held.open;
    const row = candles[lastRow(candles, t)];
    if (row === undefined) return undefined;
    return t < row.t + intervalMs ? row.open : row.close;
  };
  const rows: Settlement[] = (funding ?? []).map((row) => ({ ...row, price: priceAt(row.t), fallback: false }));
  const first = funding?.[0]?.t ?? Infinity;
  const last = funding?.at(-1)?.t ?? -Infinity;
  const every = (spec.fundingIntervalMinutes ?? 0) * 60_000;
  if (every > 0) {
    for (let t = Math.ceil(startMs / every) * every; t < endMs; t += every) {
      if (t >= first && t <= last) continue;
      rows.push({ t, price: priceAt(t), rate: spec.fallbackFundingRate ?? '0', fallback: true });
    }
  }
  return rows.filter((row) => row.t >= startMs && row.t < endMs).sort((a, b) => a.t - b.t);
}

export function newState(world: World, slots: number): State {
  const state: State = {
    now: world.startMs - 1, seq: 0, pending: [],
    draws: Object.fromEntries(LEGS.map((leg) => [leg, { t: NaN, n: 0 }])) as State['draws'],
    lastRequest: -Infinity, lastExecution: -Infinity, lastUpdate: -Infinity, rank: 0, orders: [], used: 0, traded: false, changedAt: -Infinity,
    ledger: emptyLedger(), settled: 0, liquidatedAt: undefined, nextClose: 0, moments: 0, fills: [], seenFeatures: {},
    engine: emptyEngine(slots),
  };
  while ((world.closes[state.nextClose]?.knownAt ?? Infinity) < world.startMs) knowClose(world, state);
  // What was known before the start only sets the indicators: the warm-up ends at the start.
  Object.assign(state.engine, { closeIsNews: false, warm: false, anchor: undefined, highest: -Infinity, lowest: Infinity });
  return state;
}
