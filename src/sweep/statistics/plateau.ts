/** How each point stands among its neighbours; columns by point. */
export type PlateauScores = {
  /** Worst score of the point and its neighbours; NaN when the point has none itself. */
  readonly score: Float64Array;
  /** Neighbours without a score of their own (too few trades): they were left out. */
  readonly missingNeighbours: Int32Array;
  /** 1 when the point lies at the rim of what was tried, or a neighbour has no score. */
  readonly atEdge: Uint8Array;
};

export function newPlateauScores(points: number): PlateauScores {
  return {
    score: new Float64Array(points).fill(NaN),
    missingNeighbours: new Int32Array(points),
    atEdge: new Uint8Array(points),
  };
}

/** Points with a score, best first; equal scores by the tie-breaker, then by number. */
export function rankPoints(score: Float64Array, tieBreak: ArrayLike<number> = score): number[] {
  const points: number[] = [];
  score.forEach((value, point) => {
    if (!Number.isNaN(value)) points.push(point);
  });
  const tie = (point: number): number => {
    const value = tieBreak[point] ?? NaN;
    return Number.isNaN(value) ? -Infinity : value;
  };
  return points.sort((a, b) => {
    const byScore = descending(score[a] as number, score[b] as number);
    return byScore !== 0 ? byScore : descending(tie(a), tie(b)) || a - b;
  });
}

function descending(a: number, b: number): number {
  return a === b ? 0 : a > b ? -1 : 1;
}
