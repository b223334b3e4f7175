import type { RunRecord } from '../run-record.ts';
import type { EquityNodes } from './equity-tree.ts';
import { FAN_BITS } from './equity-tree.ts';
import { FLOAT_ERROR, HeldStretch, topLevel } from './held-stretch.ts';
import type { MetricsIndex } from './metrics-index.ts';
import type { MetricsScratch } from './scratch.ts';

/** A stretch is bounded by nodes of its own size and, where these say too little, of an eighth. */
const OUTLINES = 2;

/**
 * Largest fall of capital + profit from its running peak over all closes of the run, as a
 * fraction of that peak; after readLedger. The last close counts as closed out: finalProfit.
 *
 * Leaves the peak open for as long as it does not matter: a stretch between fills that holds no
 * fall worse than the worst, not even from the highest the peak can be, is put off. Most are never
 * looked at again, for a later equity is above all of them. One loop over local numbers: as fields
 * or arguments each would be an object on the heap.
 */
export function worstDrawdown(
  record: RunRecord,
  index: MetricsIndex,
  scratch: MetricsScratch,
  capital: number,
  finalProfit: number,
): number {
  const { drawdown: scan, states } = scratch;
  const { count, row, cash, net, settled, highest } = states;
  const { scale, long, short } = index.equity;
  const lastRow = record.endRow - 1;
  const stretches = new PutOff(index, scratch, capital, lastRow);
  /** The peak is not above it. */
  let ceiling = capital;
  let worst = 0;
  scan.start(capital);
  for (let k = 0; k <= count; k += 1) {
    const begin = k < count ? (row[k] as number) : lastRow;
    const end = Math.min(k + 1 < count ? (row[k + 1] as number) : lastRow, lastRow);
    if (end <= begin && k < count) continue;
    const equity = capital + (k < count ? (cash[k] as number) : finalProfit);
    const held = k < count ? (net[k] as number) : 0;
    if (held === 0) {
      if (equity >= ceiling) {
        stretches.forget(k);
        scan.peak = equity;
        ceiling = equity;
      } else if (equity < 0 || ceiling - equity > worst * ceiling) {
        stretches.showUntil(k);
        scan.point(equity);
        worst = scan.worst;
        ceiling = scan.peak;
      }
      continue;
    }
    const tree = held > 0 ? long : short;
    const perWorth = held * scale;
    const base = equity + perWorth * (tree.paid[settled[k] as number] as number);
    const slack = FLOAT_ERROR * (Math.abs(equity) + Math.abs(perWorth) * tree.largest);
    const top = topLevel(tree.levels.length, begin, end);
    let known = false;
    for (let level = top; level > 0 && level > top - OUTLINES && !known; level -= 1) {
      const { bounds } = tree.levels[level - 1] as EquityNodes;
      const lastNode = (end - 1) >>> (FAN_BITS * level);
      let low = Infinity;
      let high = -Infinity;
      for (let node = begin >>> (FAN_BITS * level); node <= lastNode; node += 1) {
        low = Math.min(low, bounds[node * 2] as number);
        high = Math.max(high, bounds[node * 2 + 1] as number);
      }
      const lowest = base + perWorth * (held > 0 ? low : high) - slack;
      const above = base + perWorth * (held > 0 ? high : low) + slack;
      const raised = Math.max(ceiling, above);
      // A debt counts the more the lower the peak, so that a ceiling says nothing of it.
      if (lowest < 0 || raised - lowest > worst * raised) continue;
      known = true;
      ceiling = raised;
      highest[k] = above;
    }
    if (known) continue;
    stretches.showUntil(k);
    stretches.scan(k);
    worst = scan.worst;
    ceiling = scan.peak;
  }
  return scan.worst;
}

/** The stretches that were put off, until a fall asks for the peak they reached. */
class PutOff {
  readonly #scratch: MetricsScratch;
  readonly #capital: number;
  readonly #lastRow: number;
  readonly #stretch: HeldStretch;
  #from = 0;

  constructor(
    index: MetricsIndex,
    scratch: MetricsScratch,
    capital: number,
    lastRow: number,
  ) {
    this.#scratch = scratch;
    this.#capital = capital;
    this.#lastRow = lastRow;
    this.#stretch = new HeldStretch(index, scratch.drawdown);
  }

  /** A later equity is above all stretches before k. */
  forget(k: number): void {
    this.#from = k;
  }

  /** Raises the scan's peak by what was put off before k: the last ones are the likeliest. */
  showUntil(k: number): void {
    const { drawdown, states } = this.#scratch;
    for (let past = k - 1; past >= this.#from; past -= 1) {
      if (this.#endOf(past) <= (states.row[past] as number)) continue;
      if (states.net[past] === 0) drawdown.raise(this.#capital + (states.cash[past] as number));
      else if ((states.highest[past] as number) > drawdown.peak) {
        this.#set(past);
        this.#stretch.raise();
      }
    }
    this.#from = k;
  }

  /** Shows the scan one stretch as it is; all before it have been shown. */
  scan(k: number): void {
    this.#set(k);
    this.#stretch.scan();
    this.#from = k + 1;
  }

  #set(k: number): void {
    const { row, net, cash, settled } = this.#scratch.states;
    const money = this.#capital + (cash[k] as number);
    const [begin, steps] = [row[k] as number, net[k] as number];
    this.#stretch.set(begin, this.#endOf(k), steps, money, settled[k] as number);
  }

  #endOf(k: number): number {
    const { row, count } = this.#scratch.states;
    return Math.min(k + 1 < count ? (row[k + 1] as number) : this.#lastRow, this.#lastRow);
  }
}
