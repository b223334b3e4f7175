import { InputError } from '../../engine/invariant.ts';
import { readParameter } from '../../engine/parameters.ts';
import type { ParameterValue } from '../../engine/parameters.ts';
import { findStrategy } from '../../strategies/registry.ts';
import type { MetricValues, SweepResult } from '../results.ts';
import type { ReportFolder } from './report-folder.ts';

/** How a point stood in its sweep. */
export type SweptFacts = {
  readonly point: number;
  readonly points: number;
  readonly rank: number | null;
  readonly plateauScore: number | null;
  readonly sharpe: number | null;
  readonly luckSharpe: number | null;
};

export type SweptPoint = {
  readonly params: Readonly<Record<string, ParameterValue>>;
  readonly metrics: MetricValues;
  readonly facts: SweptFacts;
};

/** One point of a sweep with what it came to; the best ranked one when none is named. */
export function sweptPoint(
  folder: ReportFolder,
  result: SweepResult,
  strategy: string,
  wanted: number | undefined,
): SweptPoint {
  const best = result.ranked.find(({ plateauScore }) => plateauScore !== null);
  const id = wanted ?? best?.id;
  if (id === undefined) {
    throw new InputError(`no point of ${folder.dir} could be ranked: name one with --point`);
  }
  if (id >= result.pointCount) {
    throw new InputError(
      `${folder.dir} has no point ${id}: its points are 0 to ${result.pointCount - 1}`,
    );
  }
  const row = rowOf(folder, id);
  const metrics = Object.fromEntries(
    [...row].map(([name, text]) => [name, text === '' ? null : Number(text)]),
  );
  return {
    params: paramsOf(row, result, strategy),
    metrics,
    facts: {
      point: id,
      points: result.pointCount,
      rank: result.ranked.find((point) => point.id === id)?.rank ?? null,
      plateauScore: metrics['plateau_score'] ?? null,
      sharpe: metrics['sharpe'] ?? null,
      luckSharpe: result.luck.expectedBestSharpe,
    },
  };
}

function paramsOf(
  row: ReadonlyMap<string, string>,
  { axes }: SweepResult,
  name: string,
): Record<string, ParameterValue> {
  const strategy = findStrategy(name);
  const values = axes.flatMap((axis): [string, ParameterValue][] => {
    const spec = strategy.parameters.find((each) => each.name === axis.name);
    const text = row.get(axis.name);
    return spec === undefined || text === undefined
      ? []
      : [[axis.name, readParameter(name, spec, text)]];
  });
  return Object.fromEntries(values);
}

/** A point's line of points.csv by column. Ids are places: line `id + 1` is the point's. */
function rowOf(folder: ReportFolder, id: number): Map<string, string> {
  const lines = folder.text('points.csv').split('\n');
  const names = cellsOf(lines[0] ?? '');
  const cells = cellsOf(lines[id + 1] ?? '');
  if (cells[0] !== String(id) || cells.length !== names.length) {
    throw new InputError(`points.csv of ${folder.dir} has no line of point ${id}: sweep again`);
  }
  return new Map(names.map((name, at) => [name, cells[at] ?? '']));
}

/** Quoted where a name holds a comma or a quote. */
function cellsOf(line: string): string[] {
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, plain]) =>
    quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"'),
  );
}
