import type { CloseNodes, CloseTree } from './close-tree.ts';
import { FAN_BITS } from './close-tree.ts';
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
    if (this.#surroundingsChangeNothing(tree, begin, end, cash, perWorth)) return;
    const { levels, inverse, close } = tree;
    let row = begin;
    let level = 0;
    while (row < end) {
      while (level < levels.length && startsBlock(row, level + 1, end)) level += 1;
      while (level > 0 && row + (1 << (FAN_BITS * level)) > end) level -= 1;
      while (level > 0) {
        const node = row >>> (FAN_BITS * level);
        if (this.block(levels[level - 1] as CloseNodes, node, cash, perWorth, inverse)) break;
        level -= 1;
      }
      if (level === 0) this.point(cash + perWorth * worthOf(inverse, close[row] as number));
      row += 1 << (FAN_BITS * level);
    }
  }

  /**
   * Takes a whole block at once when that is exact; false = look inside.
   *
   * With running peak R: a fall from R ends at best at the block's lowest equity m, a fall from a
   * new peak inside is d <= drop from a height >= max(R, m + d). The first is always reached or
   * exceeded; when the second cannot exceed it (or the worst so far), the first is the answer.
   * Where m is a debt, a higher peak makes the fall to it a smaller part: then what came first
   * counts.
   */
  block(
    nodes: CloseNodes,
    node: number,
    cash: number,
    perWorth: number,
    inverse: boolean,
  ): boolean {
    const short = perWorth > 0 ? 0 : 1;
    const low = cash + perWorth * worthOf(inverse, nodes.bounds[node * 2 + short] as number);
    const high = cash + perWorth * worthOf(inverse, nodes.bounds[node * 2 + 1 - short] as number);
    const peak = this.peak;
    const fall = peak - low;
    const worst = fall > this.worst * peak ? fall / peak : this.worst;
    if (high > peak) {
      if (low < 0 && worst > this.worst) return false;
      const drop = Math.abs(perWorth) * (nodes.swings[node * 2 + short] as number);
      if (drop > worst * Math.max(peak, low + drop)) return false;
      this.peak = high;
    }
    this.worst = worst;
    return true;
  }

  /** True when neither a new peak nor a worse fall lies even in the blocks around the rows. */
  #surroundingsChangeNothing(
    tree: CloseTree,
    begin: number,
    end: number,
    cash: number,
    perWorth: number,
  ): boolean {
    let level = 1;
    while (begin + (1 << (FAN_BITS * level)) < end) level += 1;
    const nodes = tree.levels[level - 1];
    if (nodes === undefined) return false;
    const first = begin >>> (FAN_BITS * level);
    const last = (end - 1) >>> (FAN_BITS * level);
    if (last * 2 >= nodes.bounds.length) return false;
    return this.#changesNothing(nodes, first, cash, perWorth, tree.inverse)
      && (last === first || this.#changesNothing(nodes, last, cash, perWorth, tree.inverse));
  }

  #changesNothing(
    nodes: CloseNodes,
    node: number,
    cash: number,
    perWorth: number,
    inverse: boolean,
  ): boolean {
    const short = perWorth > 0 ? 0 : 1;
    const peak = this.peak;
    const low = cash + perWorth * worthOf(inverse, nodes.bounds[node * 2 + short] as number);
    if (peak - low > this.worst * peak) return false;
    return cash + perWorth * worthOf(inverse, nodes.bounds[node * 2 + 1 - short] as number) <= peak;
  }
}

function startsBlock(row: number, level: number, end: number): boolean {
  const size = 1 << (FAN_BITS * level);
  return (row & (size - 1)) === 0 && row + size <= end;
}
