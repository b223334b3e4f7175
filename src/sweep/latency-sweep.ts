import { MIN_TRADES } from './metrics/gates.ts';
import type { MetricDefinition, RunHeader, SweepAxis, Warning } from './results.ts';

/** Column by name of one profile's points, by point; NaN = n/a. */
export type ProfilePoints = {
  readonly latency: string;
  readonly column: (name: string) => Float64Array;
};

export type LatencyCell = {
  readonly latency: string;
  readonly netProfit: number | null;
  readonly maxDrawdown: number | null;
  readonly fills: number | null;
};

export type LatencyRow = {
  readonly id: number;
  readonly params: Readonly<Record<string, number | string | boolean>>;
  readonly cells: readonly LatencyCell[];
  /** What ranks: the worst over the profiles; null where any of them cannot say. */
  readonly worst: number | null;
  /** A net profit under every profile. */
  readonly survives: boolean;
};

/** One axis against the profiles, the other axes at the values of the best point. */
export type LatencyTable = { readonly axis: string; readonly rows: readonly LatencyRow[] };

export type LatencySweepResult = {
  readonly schema: 'lockstep.latency-sweep';
  readonly version: 1;
  readonly run: RunHeader;
  readonly latencies: readonly string[];
  readonly axes: readonly SweepAxis[];
  readonly sample: 'grid' | 'random' | 'sobol';
  readonly pointCount: number;
  readonly rankedBy: string;
  readonly survivors: number;
  /** The best by the worst over the profiles. */
  readonly ranked: readonly LatencyRow[];
  /** Of a grid only: drawn points share no values. */
  readonly tables: readonly LatencyTable[];
  readonly warnings: readonly Warning[];
};

export const LISTED_ROWS = 50;

export type LatencySweep = {
  readonly run: RunHeader;
  readonly axes: readonly SweepAxis[];
  readonly sample: LatencySweepResult['sample'];
  readonly pointCount: number;
  readonly rankedBy: string;
  readonly metrics: readonly MetricDefinition[];
  readonly paramsOf: (id: number) => LatencyRow['params'];
  readonly profiles: readonly ProfilePoints[];
  readonly warnings: readonly Warning[];
};

/** Points by the worst they do under any of the profiles. All of them met the same draws. */
export function latencySweepOf(sweep: LatencySweep): LatencySweepResult {
  const { run, axes, sample, pointCount, rankedBy, warnings } = sweep;
  const rows = rowsOf(sweep);
  const own = worstOwn(sweep);
  const order = rows
    .map((_, id) => id)
    .sort((a, b) => score(rows[b]) - score(rows[a]) || (own[b] ?? 0) - (own[a] ?? 0) || a - b);
  const ranked = order.flatMap((id) => rows[id] ?? []);
  const best = ranked[0];
  const tables =
    sample === 'grid' && best !== undefined ? axes.map((axis) => tableOf(axis, best, rows)) : [];
  return {
    schema: 'lockstep.latency-sweep',
    version: 1,
    run,
    latencies: sweep.profiles.map(({ latency }) => latency),
    axes,
    sample,
    pointCount,
    rankedBy,
    survivors: rows.filter(({ survives }) => survives).length,
    ranked: ranked.slice(0, LISTED_ROWS),
    tables,
    warnings,
  };
}

function score(row: LatencyRow | undefined): number {
  return row?.worst ?? -Number.MAX_VALUE;
}

/** Neighbours share their plateau's score: the better point by itself stands first, as in a sweep. */
function worstOwn({ profiles, pointCount }: LatencySweep): Float64Array {
  const worst = new Float64Array(pointCount).fill(Number.MAX_VALUE);
  for (const { column } of profiles) {
    column('returnOverMaxDrawdown').forEach((value, id) => {
      const ratio = Number.isNaN(value) ? -Number.MAX_VALUE : value;
      worst[id] = Math.min(worst[id] ?? ratio, ratio);
    });
  }
  // Differences of these must stay finite.
  return worst.map((value) => Math.max(-1e100, Math.min(1e100, value)));
}

function rowsOf({ profiles, rankedBy, metrics, pointCount, paramsOf }: LatencySweep): LatencyRow[] {
  const sign = metrics.find(({ name }) => name === rankedBy)?.better === 'lower' ? -1 : 1;
  const columns = profiles.map(({ latency, column }) => ({
    latency,
    netProfit: column('netProfit'),
    maxDrawdown: column('maxDrawdown'),
    fills: column('fills'),
    trades: column('trades'),
    rank: column(rankedBy === 'plateauScore' ? 'plateau_score' : rankedBy),
  }));
  return Array.from({ length: pointCount }, (_, id): LatencyRow => {
    const scores = columns.map(({ rank, trades }) =>
      (trades[id] ?? 0) < MIN_TRADES ? NaN : sign * (rank[id] ?? NaN),
    );
    return {
      id,
      params: paramsOf(id),
      cells: columns.map(({ latency, netProfit, maxDrawdown, fills }) => ({
        latency,
        netProfit: known(netProfit[id]),
        maxDrawdown: known(maxDrawdown[id]),
        fills: known(fills[id]),
      })),
      worst: known(Math.min(...scores)),
      survives: columns.every(({ netProfit }) => (netProfit[id] ?? NaN) > 0),
    };
  });
}

function known(value: number | undefined): number | null {
  return value === undefined || Number.isNaN(value) ? null : value;
}

function tableOf({ name }: SweepAxis, best: LatencyRow, rows: readonly LatencyRow[]): LatencyTable {
  const others = Object.entries(best.params).filter(([param]) => param !== name);
  return {
    axis: name,
    rows: rows.filter(({ params }) => others.every(([param, value]) => params[param] === value)),
  };
}
