import type { DrawdownScan } from './drawdown-scan.ts';
import type { EquityNodes } from './equity-tree.ts';
import { FAN_BITS } from './equity-tree.ts';
import type { MetricsIndex } from './metrics-index.ts';
import { fundingCost } from './settlements.ts';
import { worthOf } from './worth.ts';

/** The tree's curve and the booked equity are the same sum in another order: so far they differ. */
export const FLOAT_ERROR = 2 ** -44;

/**
 * The closes under one position. Exact at candle closes, yet seldom looks at rows: the tree says
 * which stretches cannot change the peak or the worst fall, and where the row lies that does.
 * What counts is booked at that row, as the equity curve of a run books it.
 */
export class HeldStretch {
  readonly #index: MetricsIndex;
  readonly #scan: DrawdownScan;
  #levels: readonly EquityNodes[] = [];
  #begin = 0;
  #end = 0;
  #net = 0;
  /** Equity at the settlements so far, without the position; reached in steps. */
  #money = 0;
  #settled = 0;
  /** equity = base + perWorth x curve, give or take the slack. */
  #perWorth = 0;
  #base = 0;
  #slack = 0;

  constructor(index: MetricsIndex, scan: DrawdownScan) {
    this.#index = index;
    this.#scan = scan;
  }

  /** Rows [begin, end) with `net` steps and, at the first of them, `cash`. */
  set(begin: number, end: number, net: number, cash: number, settled: number): void {
    const { scale, long, short } = this.#index.equity;
    const { levels, paid, largest } = net > 0 ? long : short;
    const perWorth = net * scale;
    this.#levels = levels;
    this.#begin = begin;
    this.#end = end;
    this.#net = net;
    this.#money = cash;
    this.#settled = settled;
    this.#perWorth = perWorth;
    this.#base = cash + perWorth * (paid[settled] as number);
    this.#slack = FLOAT_ERROR * (Math.abs(cash) + Math.abs(perWorth) * largest);
  }

  /** Feeds the scan all that counts. */
  scan(): void {
    this.#walk(false);
  }

  /** Feeds the scan the highest equity only. */
  raise(): void {
    this.#walk(true);
  }

  #walk(peakOnly: boolean): void {
    const levels = this.#levels;
    const end = this.#end;
    const top = topLevel(levels.length, this.#begin, end);
    let level = top;
    let row = this.#begin;
    while (row < end) {
      const node = row >>> (FAN_BITS * level);
      const next = (node + 1) << (FAN_BITS * level);
      if (level === 0) this.#book(row, peakOnly);
      else {
        const whole = next <= end && node << (FAN_BITS * level) === row;
        if (!this.#node(levels[level - 1] as EquityNodes, node * 2, whole, peakOnly)) {
          level -= 1;
          continue;
        }
      }
      row = next;
      while (level < top && startsNode(row, level + 1)) level += 1;
    }
  }

  /**
   * Takes a node at once when that is exact; false = look inside. A node that lies partly outside
   * is taken only where it changes nothing.
   *
   * Where the peak R rises, a fall inside is d <= drop from a height >= max(R, m + d), with m the
   * node's lowest equity. It counts unless it is smaller than the worst so far.
   */
  #node(nodes: EquityNodes, at: number, whole: boolean, peakOnly: boolean): boolean {
    const { bounds } = nodes;
    const scan = this.#scan;
    const perWorth = this.#perWorth;
    const slack = this.#slack;
    const short = perWorth > 0 ? 0 : 1;
    const peak = scan.peak;
    const low = this.#base + perWorth * (bounds[at + short] as number) - slack;
    const high = this.#base + perWorth * (bounds[at + 1 - short] as number) + slack;
    const falls = !peakOnly && peak - low > scan.worst * peak;
    const rises = high > peak;
    if (!falls && !rises) return true;
    if (!whole || (falls && rises)) return false;
    if (rises && !peakOnly) {
      const drop = Math.abs(perWorth) * (nodes.swings[at + short] as number) + slack;
      if (drop > scan.worst * Math.max(peak, low + drop)) return false;
    }
    this.#book(nodes.rows[falls ? at + short : at + 1 - short] as number, peakOnly);
    return true;
  }

  /** Rows must come in ascending order: funding is booked as settlements pass. */
  #book(row: number, peakOnly: boolean): void {
    const { settlements, tape, inverse } = this.#index;
    while (
      this.#settled < settlements.count &&
      (settlements.row[this.#settled] as number) <= row
    ) {
      this.#money -= fundingCost(settlements, this.#net, this.#settled, this.#settled + 1);
      this.#settled += 1;
    }
    const equity = this.#money + this.#perWorth * worthOf(inverse, tape.close[row] as number);
    if (peakOnly) this.#scan.raise(equity);
    else this.#scan.point(equity);
  }
}

/** Level of the smallest nodes two of which hold all rows [begin, end). */
export function topLevel(levelCount: number, begin: number, end: number): number {
  let level = 1;
  while (level < levelCount && begin + (1 << (FAN_BITS * level)) < end) level += 1;
  return level;
}

function startsNode(row: number, level: number): boolean {
  return (row & ((1 << (FAN_BITS * level)) - 1)) === 0;
}
