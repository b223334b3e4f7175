/** Into which cell each point falls, and what every cell holds whatever the metric. */
export type CellMap = {
  readonly cellOf: Uint32Array;
  /** Points in each cell. */
  readonly points: Uint32Array;
  /** The first point of each cell; stands for a cell in which the metric is n/a everywhere. */
  readonly firstId: Uint32Array;
};

/** One metric gathered into cells: NaN where no point of the cell has it. */
export type MetricCells = {
  readonly best: Float64Array;
  readonly median: Float64Array;
  readonly mean: Float64Array;
  readonly worst: Float64Array;
  /** The points that show these; of the mean it is the best one. */
  readonly bestId: Uint32Array;
  readonly medianId: Uint32Array;
  readonly worstId: Uint32Array;
};

export function cellMap(cellOf: Uint32Array, cells: number): CellMap {
  const points = new Uint32Array(cells);
  const firstId = new Uint32Array(cells);
  for (let id = cellOf.length - 1; id >= 0; id -= 1) {
    const cell = cellOf[id] as number;
    points[cell] = (points[cell] as number) + 1;
    firstId[cell] = id;
  }
  return { cellOf, points, firstId };
}

/**
 * `bestFirst`: ids of the points that have the metric, best first. Taken in that order the first
 * point that falls into a cell is its best, the last its worst: one pass, and no sort per cell.
 */
export function metricCells(
  { cellOf, points, firstId }: CellMap, column: Float64Array, bestFirst: Uint32Array,
): MetricCells {
  const cells = points.length;
  const known = new Uint32Array(cells);
  for (let i = 0; i < bestFirst.length; i += 1) {
    const cell = cellOf[bestFirst[i] as number] as number;
    known[cell] = (known[cell] as number) + 1;
  }
  const blank = (): Float64Array => new Float64Array(cells).fill(NaN);
  const made = {
    best: blank(), median: blank(), mean: blank(), worst: blank(),
    bestId: firstId.slice(), medianId: firstId.slice(), worstId: firstId.slice(),
  };
  const seen = new Uint32Array(cells);
  const sum = new Float64Array(cells);
  for (let i = 0; i < bestFirst.length; i += 1) {
    const id = bestFirst[i] as number;
    const cell = cellOf[id] as number;
    const value = column[id] as number;
    const [place, all] = [seen[cell] as number, known[cell] as number];
    seen[cell] = place + 1;
    sum[cell] = (sum[cell] as number) + value;
    if (place === 0) [made.best[cell], made.bestId[cell]] = [value, id];
    if (place === all >> 1) [made.median[cell], made.medianId[cell]] = [value, id];
    if (place + 1 < all) continue;
    [made.worst[cell], made.worstId[cell]] = [value, id];
    made.mean[cell] = (sum[cell] as number) / all;
  }
  return made;
}

export type Bins = { readonly low: number; readonly width: number; readonly counts: number[] };

/** Equal bins over the middle 99 % of what is known; what lies beyond counts in the end bins. */
export function countBins(column: Float64Array, order: Uint32Array, bins: number): Bins {
  const counts = new Array<number>(bins).fill(0);
  const at = (share: number): number =>
    column[order[Math.round(share * (order.length - 1))] ?? 0] ?? 0;
  const [one, other] = [at(0.005), at(0.995)];
  const [low, high] = [Math.min(one, other), Math.max(one, other)];
  const width = (high - low) / bins || Math.abs(low) / 10 || 1;
  for (const id of order) {
    const place = Math.floor(((column[id] as number) - low) / width);
    const bin = Math.min(bins - 1, Math.max(0, place));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return { low, width, counts: order.length === 0 ? [] : counts };
}
