import type { SweepReportInput } from '../../src/report/sweep-input.ts';
import type { RankedPoint, SweepResult } from '../../src/sweep/results.ts';
import { chance, normal } from './chance.ts';
import { METRICS, outcome, runHeader } from './metric-fixture.ts';

export type SweepShape = {
  readonly axes: Readonly<Record<string, readonly number[]>>;
  /** Given: that many points drawn at random inside the axes' ends instead of the grid. */
  readonly random?: number;
};

export function range(from: number, step: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => Number((from + index * step).toFixed(6)));
}

/** A landscape with one broad hill and noise, as a sweep would find it. */
export function sweepFixture({ axes, random }: SweepShape): SweepReportInput {
  const next = chance(99);
  const names = Object.keys(axes);
  const rows =
    random === undefined
      ? gridRows(Object.values(axes))
      : randomRows(Object.values(axes), random, next);
  const heights = rows.map((row) => hill(row, Object.values(axes)) + 0.18 * normal(next));
  const columns = Object.fromEntries(
    METRICS.map(({ name }, index) => [
      name,
      Float64Array.from(heights, (height, id) => metricOf(name, height, index, id)),
    ]),
  );
  const plateauScore = Float64Array.from(heights, (height, id) =>
    id % 17 === 3 ? NaN : height * 1.2 - 0.3,
  );
  const params = Object.fromEntries([
    ...names.map((name, at) => [name, rows.map((row) => row[at] ?? 0)]),
    ['atrInterval', rows.map(() => '1h')],
  ]);
  const result = resultOf({ axes, random }, columns, plateauScore, params);
  const days = 181;
  return {
    result,
    metrics: METRICS,
    points: { count: rows.length, params, columns, plateauScore },
    bestEquity: {
      label: 'best point',
      timeMs: Float64Array.from(
        { length: days * 24 },
        (_, i) => Date.UTC(2024, 0, 1) + i * 3_600_000,
      ),
      equity: walk(days * 24, 0.25, next),
      buyAndHold: walk(days * 24, 0.05, next),
    },
  };
}

function walk(count: number, drift: number, next: () => number): Float64Array {
  let value = 0;
  return Float64Array.from({ length: count }, () => (value += drift + 9 * normal(next)));
}

function gridRows(axes: readonly (readonly number[])[]): number[][] {
  return axes.reduce<number[][]>(
    (rows, axis) => rows.flatMap((row) => axis.map((value) => [...row, value])),
    [[]],
  );
}

function randomRows(
  axes: readonly (readonly number[])[],
  count: number,
  next: () => number,
): number[][] {
  return Array.from({ length: count }, () =>
    axes.map((axis) => {
      const low = axis[0] ?? 0;
      return low + next() * ((axis.at(-1) ?? 0) - low);
    }),
  );
}

function hill(row: readonly number[], axes: readonly (readonly number[])[]): number {
  const far = row.reduce((sum, value, at) => {
    const axis = axes[at] ?? [];
    const place = (value - (axis[0] ?? 0)) / ((axis.at(-1) ?? 1) - (axis[0] ?? 0) || 1);
    return sum + (place - 0.6) ** 2;
  }, 0);
  return 2 * Math.exp(-far * 6) - 0.8;
}

function metricOf(name: string, height: number, index: number, id: number): number {
  if (name === 'sharpe') return height * 1.1;
  if (name === 'netProfit' || name === 'netProfitUsd') return height * 1800;
  if (name === 'returnOnCapital') return height * 21;
  if (name === 'returnOverMaxDrawdown') return height * 1.9;
  if (name === 'trades') return Math.round(500 - height * 90 + (id % 13));
  if (name === 'sortino') return id % 11 === 0 ? NaN : height * 1.6;
  return Math.abs(height * (index + 1)) + (id % 7) / 7;
}

function resultOf(
  { axes, random }: { axes: SweepShape['axes']; random: number | undefined },
  columns: Readonly<Record<string, Float64Array>>,
  plateauScore: Float64Array,
  params: Readonly<Record<string, (number | string)[]>>,
): SweepResult {
  const ids = [...plateauScore.keys()]
    .filter((id) => !Number.isNaN(plateauScore[id]))
    .sort((a, b) => (plateauScore[b] ?? 0) - (plateauScore[a] ?? 0) || a - b);
  const ranked = ids.slice(0, 60).map((id, index): RankedPoint => ({
    rank: index + 1,
    id,
    atEdge: id % 9 === 0,
    plateauScore: plateauScore[id] ?? null,
    params: Object.fromEntries(
      Object.entries(params).map(([name, column]) => [name, column[id] ?? 0]),
    ),
    metrics: Object.fromEntries(
      Object.entries(columns).map(([name, column]) => [
        name,
        Number.isNaN(column[id] ?? NaN) ? null : (column[id] ?? null),
      ]),
    ),
    finalist:
      index >= 8
        ? null
        : {
            outcomes: [
              outcome('direction', 'home', 2100 - 90 * index),
              outcome('adverse', 'home', 700 - 160 * index),
              outcome('direction', 'slow', 1700 - 130 * index),
            ],
            returnInterval: [-3.1 - index, 34.2],
            sharpeInterval: index === 7 ? null : [-0.2, 2.4],
          },
  }));
  return {
    schema: 'lockstep.sweep',
    version: 1,
    run: runHeader({ synthetic: false }),
    ranked,
    axes: Object.entries(axes).map(([name, values]) => ({ name, values })),
    sample: random === undefined ? 'grid' : 'random',
    pointCount: plateauScore.length,
    rankedBy: 'returnOverMaxDrawdown',
    luck: {
      trials: plateauScore.length,
      effectiveTrials: Math.max(1, plateauScore.length / 8),
      expectedBestSharpe: 0.96,
      pointsAbove: Math.floor(plateauScore.length * 0.08),
      bestSharpe: 1.52,
      method:
        'expected maximum of normal Sharpe ratios over effective trials (Bailey and López de Prado 2014)',
    },
    benchmarks: [{ name: 'buy-and-hold', netProfit: 210, returnOnCapital: 6.2, maxDrawdown: 19.3 }],
    warnings: [
      {
        code: 'edge',
        text: 'The best point lies at the edge of spacingAtr: the best value may lie outside the sweep.',
      },
    ],
  };
}
