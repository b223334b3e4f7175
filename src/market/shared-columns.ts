/**
 * Columns that every thread of a sweep reads are made in shared memory where they are built, so
 * that whoever builds them can hand them on without a copy.
 */
export function sharedFloat64(count: number): Float64Array {
  return new Float64Array(new SharedArrayBuffer(8 * count));
}

export function sharedInt32(count: number): Int32Array {
  return new Int32Array(new SharedArrayBuffer(4 * count));
}
