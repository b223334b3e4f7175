import { lttb } from './lttb.ts';

/**
 * Rows to draw of several curves over one time axis: the LTTB rows of each, and always each
 * curve's own extremes and the ends, so that no high, low or drawdown is drawn smaller than it was.
 */
export function curveRows(
  timeMs: Float64Array,
  curves: readonly Float64Array[],
  size: number,
): Int32Array {
  const rows = new Set<number>();
  for (const curve of curves) {
    for (const row of lttb(timeMs, curve, size)) rows.add(row);
    for (const row of extremes(curve, 0, curve.length)) rows.add(row);
  }
  return Int32Array.from(rows).sort();
}

/** The first, lowest, highest and last row of each of `buckets` equal parts. */
export function bucketRows(curve: Float64Array, buckets: number): Int32Array {
  if (curve.length <= buckets * 2) return Int32Array.from({ length: curve.length }, (_, i) => i);
  const rows = new Set<number>([0, curve.length - 1]);
  for (let bucket = 0; bucket < buckets; bucket++) {
    const from = Math.floor((bucket * curve.length) / buckets);
    const until = Math.floor(((bucket + 1) * curve.length) / buckets);
    for (const row of extremes(curve, from, until)) rows.add(row);
  }
  return Int32Array.from(rows).sort();
}

/** How far the curve stands below its highest point so far (<= 0), from a start of zero. */
export function underwater(curve: Float64Array): Float64Array {
  let peak = 0;
  return curve.map((value) => {
    peak = Math.max(peak, value);
    return value - peak;
  });
}

function extremes(curve: Float64Array, from: number, until: number): number[] {
  if (until <= from) return [];
  let low = from;
  let high = from;
  for (let i = from; i < until; i++) {
    if ((curve[i] ?? 0) < (curve[low] ?? 0)) low = i;
    if ((curve[i] ?? 0) > (curve[high] ?? 0)) high = i;
  }
  return [low, high];
}
