import { packFloat24, packFloat32, packUint24 } from './pack.ts';
import { cellAxis } from './sweep-cell-axis.ts';
import type { CellAxis } from './sweep-cell-axis.ts';
import { cellMap, countBins, metricCells } from './sweep-cells.ts';
import type { Bins, CellMap, MetricCells } from './sweep-cells.ts';
import type { SweepPoints } from './sweep-input.ts';
import type { MetricDefinition } from '../sweep/results.ts';
import { orderByValue } from './value-order.ts';

/** What all maps of a page may hold together: cells x metrics. */
const MOST_MAP_VALUES = 150_000;
const MOST_CELLS = 60;
const BINS = 24;
const FEWEST_BINS = 8;
const DISTRIBUTION_BINS = 48;
/** Points that the page holds in full: the best, and an even sample of the others by rank. */
const BEST_IN_FULL = 500;
const IN_FULL = 2_500;

export type PackedCells = {
  readonly best: string; readonly median: string; readonly mean: string; readonly worst: string;
  readonly bestId: string; readonly medianId: string; readonly worstId: string;
};

export type MetricAggregate = {
  /** By pair of axes, then by axis. */
  readonly maps: readonly PackedCells[];
  readonly lines: readonly PackedCells[];
  readonly bins: Bins;
  /** Of the points in full. */
  readonly full: string;
};

/** A sweep of more points than a page can hold, gathered beforehand into what a screen can show. */
export type SweepAggregate = {
  readonly axes: readonly {
    readonly name: string;
    readonly labels: readonly string[];
    readonly values: CellAxis['values'];
    /** Points in each cell. */
    readonly points: string;
  }[];
  /** The cell of a map is x + across x y, `across` the cells of axis x. */
  readonly pairs: readonly { readonly x: number; readonly y: number; readonly points: string }[];
  /** Ids of the points in full, best first. */
  readonly fullIds: string;
  readonly fullParams: Readonly<Record<string, readonly (number | string | boolean)[]>>;
  readonly bestCount: number;
};

export class SweepAggregator {
  readonly #axes: readonly CellAxis[];
  readonly #pairs: readonly { x: number; y: number; map: CellMap }[];
  readonly #lines: readonly CellMap[];
  readonly #fullIds: Uint32Array;
  readonly #bestCount: number;
  readonly #params: SweepPoints['params'];

  /** `ranking`: the metric by which points are ranked; `always`: ids that are held in full. */
  constructor(
    points: SweepPoints, metricCount: number, ranking: Ranking, always: readonly number[],
  ) {
    this.#params = points.params;
    this.#axes = axesOf(points, metricCount);
    this.#pairs = pairsOf(this.#axes.length).map(([x, y]) => ({
      x, y, map: mapOf(this.#axes[x] as CellAxis, this.#axes[y] as CellAxis),
    }));
    this.#lines = this.#axes.map((axis) => cellMap(Uint32Array.from(axis.code), axis.labels.length));
    const order = orderByValue(ranking.column, ranking.better !== 'lower');
    const best = [...new Set([...always, ...order.subarray(0, BEST_IN_FULL)])];
    const rest = order.length > 0 ? order : Uint32Array.from({ length: points.count }, (_, id) => id);
    const every = Math.max(1, Math.ceil(rest.length / (IN_FULL - BEST_IN_FULL)));
    this.#bestCount = best.length;
    this.#fullIds = Uint32Array.from(new Set([...best, ...rest.filter((_, at) => at % every === 0)]));
  }

  describe(): SweepAggregate {
    return {
      axes: this.#axes.map(({ name, labels, values }, at) => ({
        name, labels, values, points: packUint24(this.#lines[at]?.points ?? []),
      })),
      pairs: this.#pairs.map(({ x, y, map }) => ({ x, y, points: packUint24(map.points) })),
      fullIds: packUint24(this.#fullIds),
      fullParams: Object.fromEntries(Object.entries(this.#params).map(([name, column]) =>
        [name, Array.from(this.#fullIds, (id) => column[id] ?? '')])),
      bestCount: this.#bestCount,
    };
  }

  metric({ better }: Pick<MetricDefinition, 'better'>, column: Float64Array): MetricAggregate {
    // An infinite ratio has no place on a scale of colours: to the maps it is n/a.
    const order = orderByValue(column, better !== 'lower')
      .filter((id) => Number.isFinite(column[id]));
    const cells = (map: CellMap): PackedCells => packed(metricCells(map, column, order));
    return {
      maps: this.#pairs.map(({ map }) => cells(map)),
      lines: this.#lines.map(cells),
      bins: countBins(column, order, DISTRIBUTION_BINS),
      full: packFloat32(Float64Array.from(this.#fullIds, (id) => column[id] ?? NaN)),
    };
  }
}

export type Ranking = Pick<MetricDefinition, 'better'> & { readonly column: Float64Array };

/** As fine as the page has room for: with more parameters there are more maps, of fewer cells. */
function axesOf(points: SweepPoints, metricCount: number): CellAxis[] {
  let axes: CellAxis[] = [];
  for (let [most, bins] = [MOST_CELLS, BINS]; ; [most, bins] = [bins, Math.ceil(bins / 1.5)]) {
    axes = Object.entries(points.params).flatMap(([name, column]) =>
      cellAxis(name, column, most, bins) ?? []);
    const cells = pairsOf(axes.length).reduce((sum, [x, y]) =>
      sum + (axes[x]?.labels.length ?? 0) * (axes[y]?.labels.length ?? 0), 0);
    if (cells * metricCount <= MOST_MAP_VALUES || bins <= FEWEST_BINS) return axes;
  }
}

function pairsOf(axes: number): [number, number][] {
  const all = Array.from({ length: axes }, (_, axis) => axis);
  return all.flatMap((x) => all.slice(x + 1).map((y): [number, number] => [x, y]));
}

function mapOf(x: CellAxis, y: CellAxis): CellMap {
  const across = x.labels.length;
  const cellOf = Uint32Array.from(x.code, (code, id) => code + across * (y.code[id] ?? 0));
  return cellMap(cellOf, across * y.labels.length);
}

function packed(cells: MetricCells): PackedCells {
  return {
    best: packFloat24(cells.best), median: packFloat24(cells.median),
    mean: packFloat24(cells.mean), worst: packFloat24(cells.worst),
    bestId: packUint24(cells.bestId), medianId: packUint24(cells.medianId),
    worstId: packUint24(cells.worstId),
  };
}
