import { invariant } from '../../engine/invariant.ts';

/** Points in a space whose axes are numbers or names. */
export type Space = {
  readonly axes: number;
  /** True for an axis without an order: two values are equal (0 apart) or not (1 apart). */
  readonly named: readonly boolean[];
  /** Point-major coordinates. */
  readonly places: Float64Array;
};

/** Points of a leaf: few enough to compare one by one. */
const LEAF_POINTS = 12;

/**
 * The exact nearest neighbours by a k-d tree. A box's distance is summed axis by axis as that of
 * two points is, so rounding cannot make it larger than that of a point inside: no neighbour is
 * missed, and the answer is that of comparing all pairs, to the last tie.
 */
export class NearestPoints {
  readonly #axes: number;
  readonly #named: Uint8Array;
  /** Points of one leaf stand together. */
  readonly #ids: Int32Array;
  readonly #places: Float64Array;
  /** Node n has the children 2n + 1 and 2n + 2, each with half of its points. */
  readonly #leaves: number;
  readonly #low: Float64Array;
  readonly #high: Float64Array;
  readonly #firstId: Int32Array;
  readonly #own: Float64Array;
  #near = new Int32Array(0);
  #distances = new Float64Array(0);
  #found = 0;
  /** Of the k nearest so far; endless until there are k. */
  #farthest = Infinity;
  /** Where the point stands whose neighbours are looked for. */
  #place = 0;

  constructor({ axes, named, places }: Space, count: number) {
    invariant(places.length >= count * axes, `${count} points with ${places.length} coordinates`);
    this.#axes = axes;
    this.#named = Uint8Array.from({ length: axes }, (_, axis) => (named[axis] === true ? 1 : 0));
    this.#ids = Int32Array.from({ length: count }, (_, id) => id);
    let leaves = 1;
    while (count / leaves > LEAF_POINTS) leaves *= 2;
    this.#leaves = leaves;
    this.#low = new Float64Array((2 * leaves - 1) * axes).fill(Infinity);
    this.#high = new Float64Array((2 * leaves - 1) * axes).fill(-Infinity);
    this.#firstId = new Int32Array(2 * leaves - 1);
    this.#own = new Float64Array(axes);
    this.#build(places, 0, 0, count);
    this.#places = new Float64Array(count * axes);
    for (let at = 0; at < count; at += 1) {
      const from = (this.#ids[at] as number) * axes;
      for (let axis = 0; axis < axes; axis += 1) {
        this.#places[at * axes + axis] = places[from + axis] as number;
      }
    }
  }

  /** Calls `take` with the k nearest of each point; the array, nearest first, is filled anew. */
  forEach(k: number, take: (point: number, near: Int32Array) => void): void {
    const count = this.#ids.length;
    const most = Math.min(k, count - 1);
    this.#near = new Int32Array(most);
    this.#distances = new Float64Array(most);
    for (let at = 0; at < count; at += 1) {
      for (let axis = 0; axis < this.#axes; axis += 1) {
        this.#own[axis] = this.#places[at * this.#axes + axis] as number;
      }
      this.#place = at;
      this.#found = 0;
      this.#farthest = Infinity;
      if (most > 0) this.#search(0, 0, count);
      take(this.#ids[at] as number, this.#near);
    }
  }

  #build(places: Float64Array, node: number, from: number, to: number): void {
    const axis = this.#describe(places, node, from, to);
    if (node >= this.#leaves - 1) return;
    const middle = (from + to) >>> 1;
    this.#part(places, axis, from, to - 1, middle);
    this.#build(places, 2 * node + 1, from, middle);
    this.#build(places, 2 * node + 2, middle, to);
  }

  /** Sets the node's box; returns its widest axis. */
  #describe(places: Float64Array, node: number, from: number, to: number): number {
    const axes = this.#axes;
    let first = 2 ** 31 - 1;
    for (let at = from; at < to; at += 1) first = Math.min(first, this.#ids[at] as number);
    this.#firstId[node] = first;
    let [widest, width] = [0, -1];
    for (let axis = 0; axis < axes; axis += 1) {
      let [low, high] = [Infinity, -Infinity];
      for (let at = from; at < to; at += 1) {
        const place = places[(this.#ids[at] as number) * axes + axis] as number;
        if (place < low) low = place;
        if (place > high) high = place;
      }
      this.#low[node * axes + axis] = low;
      this.#high[node * axes + axis] = high;
      const span = high > low ? (this.#named[axis] === 1 ? 1 : high - low) : 0;
      if (span > width) [widest, width] = [axis, span];
    }
    return widest;
  }

  /** Quickselect: what lies lower on the axis before `middle`, what lies higher after. */
  #part(places: Float64Array, axis: number, from: number, to: number, middle: number): void {
    const ids = this.#ids;
    const placeAt = (at: number): number => places[(ids[at] as number) * this.#axes + axis] as number;
    let [first, last] = [from, to];
    while (first < last) {
      const pivot = placeAt((first + last) >>> 1);
      let [low, high] = [first, last];
      while (low <= high) {
        while (placeAt(low) < pivot) low += 1;
        while (placeAt(high) > pivot) high -= 1;
        if (low > high) break;
        const swapped = ids[low] as number;
        ids[low] = ids[high] as number;
        ids[high] = swapped;
        low += 1;
        high -= 1;
      }
      if (middle <= high) last = high;
      else if (middle >= low) first = low;
      else return;
    }
  }

  #search(node: number, from: number, to: number): void {
    if (node >= this.#leaves - 1) {
      this.#scan(from, to);
      return;
    }
    const [left, right] = [2 * node + 1, 2 * node + 2];
    const middle = (from + to) >>> 1;
    const [toLeft, toRight] = [this.#boxDistance(left), this.#boxDistance(right)];
    if (toLeft <= toRight) {
      if (this.#mayHold(left, toLeft)) this.#search(left, from, middle);
      if (this.#mayHold(right, toRight)) this.#search(right, middle, to);
    } else {
      if (this.#mayHold(right, toRight)) this.#search(right, middle, to);
      if (this.#mayHold(left, toLeft)) this.#search(left, from, middle);
    }
  }

  /** Equally near points are taken by number, so a box just as far may still hold one. */
  #mayHold(node: number, distance: number): boolean {
    if (distance !== this.#farthest) return distance < this.#farthest;
    return (this.#firstId[node] as number) < (this.#near[this.#found - 1] as number);
  }

  #boxDistance(node: number): number {
    const [axes, own, named, low, high] = [this.#axes, this.#own, this.#named, this.#low, this.#high];
    let sum = 0;
    for (let axis = 0, at = node * axes; axis < axes; axis += 1, at += 1) {
      const below = (low[at] as number) - (own[axis] as number);
      const above = (own[axis] as number) - (high[at] as number);
      const apart = below > 0 ? below : above > 0 ? above : 0;
      sum += named[axis] === 1 ? (apart === 0 ? 0 : 1) : apart * apart;
    }
    return sum;
  }

  #scan(from: number, to: number): void {
    const [axes, own, named, places] = [this.#axes, this.#own, this.#named, this.#places];
    for (let point = from; point < to; point += 1) {
      const farthest = this.#farthest;
      let [sum, axis] = [0, 0];
      // Sums only grow: what is too far by some axes is too far by all.
      for (let at = point * axes; axis < axes && sum <= farthest; axis += 1, at += 1) {
        const apart = (own[axis] as number) - (places[at] as number);
        sum += named[axis] === 1 ? (apart === 0 ? 0 : 1) : apart * apart;
      }
      if (sum <= farthest && point !== this.#place) this.#take(this.#ids[point] as number, sum);
    }
  }

  /** Keeps the point where it belongs among the nearest so far. */
  #take(id: number, distance: number): void {
    const near = this.#near;
    const distances = this.#distances;
    let at = this.#found;
    if (at === near.length) {
      at -= 1;
      const farthest = distances[at] as number;
      if (distance > farthest || (distance === farthest && id > (near[at] as number))) return;
    } else {
      this.#found += 1;
    }
    for (; at > 0; at -= 1) {
      const before = distances[at - 1] as number;
      if (before < distance || (before === distance && (near[at - 1] as number) < id)) break;
      distances[at] = before;
      near[at] = near[at - 1] as number;
    }
    distances[at] = distance;
    near[at] = id;
    if (this.#found === near.length) this.#farthest = distances[this.#found - 1] as number;
  }
}
