/**
 * Largest-triangle-three-buckets (Steinarsson 2013): the `size` indices, first and last among
 * them, whose polyline looks most like the whole one. Each bucket gives the point that makes the
 * largest triangle with the point chosen before it and the mean of the bucket after it.
 */
export function lttb(x: Float64Array, y: Float64Array, size: number): Int32Array {
  const count = x.length;
  if (size >= count || size < 3) return Int32Array.from({ length: count }, (_, index) => index);
  const chosen = new Int32Array(size);
  const width = (count - 2) / (size - 2);
  let at = 0;
  for (let bucket = 0; bucket < size - 2; bucket++) {
    const from = Math.floor(bucket * width) + 1;
    const until = Math.floor((bucket + 1) * width) + 1;
    const end = Math.min(Math.floor((bucket + 2) * width) + 1, count);
    const meanX = mean(x, until, end);
    const meanY = mean(y, until, end);
    at = farthest(x, y, at, { from, until, meanX, meanY });
    chosen[bucket + 1] = at;
  }
  chosen[size - 1] = count - 1;
  return chosen;
}

type Bucket = { from: number; until: number; meanX: number; meanY: number };

function farthest(x: Float64Array, y: Float64Array, before: number, bucket: Bucket): number {
  const ax = x[before] ?? 0;
  const ay = y[before] ?? 0;
  let best = bucket.from;
  let bestArea = -1;
  for (let i = bucket.from; i < bucket.until; i++) {
    const toMean = (ax - bucket.meanX) * ((y[i] ?? 0) - ay);
    const area = Math.abs(toMean - (ax - (x[i] ?? 0)) * (bucket.meanY - ay));
    if (area > bestArea) {
      bestArea = area;
      best = i;
    }
  }
  return best;
}

function mean(column: Float64Array, from: number, until: number): number {
  let sum = 0;
  for (let i = from; i < until; i++) sum += column[i] ?? 0;
  return sum / (until - from);
}
