import type { CloseTree } from './close-tree.ts';
import { FAN_BITS, NODE_DROP, NODE_MAX, NODE_MIN, NODE_RISE, NODE_WIDTH } from './close-tree.ts';
import { worthOf } from './worth.ts';

/**
 * Largest fall of capital + profit from its running peak, as a fraction of that peak, fed in time
 * order. Exact at candle closes, yet seldom looks at rows: a block is skipped when even its
 * largest drop, starting no lower than the running peak, cannot beat the worst fall so far.
 */
export class DrawdownScan {
  peak = 0;
  worst = 0;

  start(capital: number): void {
    this.peak = capital;
    this.worst = 0;
  }

  point(equity: number): void {
    if (equity > this.peak) this.peak = equity;
    else if (this.peak - equity > this.worst * this.peak) {
      this.worst = (this.peak - equity) / this.peak;
    }
  }

  /** Closes of rows [begin, end) while equity = cash + perWorth x worth(close). */
  rows(tree: CloseTree, begin: number, end: number, cash: number, perWorth: number): void {
    const levels = tree.levels;
    let row = begin;
    let level = 0;
    while (row < end) {
      while (level < levels.length && startsBlock(row, level + 1, end)) level += 1;
      while (level > 0 && row + (1 << (FAN_BITS * level)) > end) level -= 1;
      while (level > 0) {
        const node = (row >>> (FAN_BITS * level)) * NODE_WIDTH;
        if (this.block(levels[level - 1] as Float64Array, node, cash, perWorth)) break;
        level -= 1;
      }
      if (level === 0) {
        this.point(cash + perWorth * worthOf(tree.inverse, tree.close[row] as number));
      }
      row += 1 << (FAN_BITS * level);
    }
  }

  /**
   * Takes a whole block at once when that is exact; false = look inside.
   *
   * With running peak R: a fall from R ends at best at the block's lowest equity m, a fall from a
   * new peak inside is d <= drop from a height >= max(R, m + d). The first is always reached or
   * exceeded; when the second cannot exceed it (or the worst so far), the first is the answer.
   */
  block(nodes: Float64Array, at: number, cash: number, perWorth: number): boolean {
    const long = perWorth > 0;
    const low = cash + perWorth * (nodes[at + (long ? NODE_MIN : NODE_MAX)] as number);
    const high = cash + perWorth * (nodes[at + (long ? NODE_MAX : NODE_MIN)] as number);
    const peak = this.peak;
    const fall = peak - low;
    const worst = fall > this.worst * peak ? fall / peak : this.worst;
    if (high > peak) {
      const drop = Math.abs(perWorth) * (nodes[at + (long ? NODE_DROP : NODE_RISE)] as number);
      if (drop > worst * Math.max(peak, low + drop)) return false;
      this.peak = high;
    }
    this.worst = worst;
    return true;
  }
}

function startsBlock(row: number, level: number, end: number): boolean {
  const size = 1 << (FAN_BITS * level);
  return (row & (size - 1)) === 0 && row + size <= end;
}
