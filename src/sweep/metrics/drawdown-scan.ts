/**
 * Largest fall of capital + profit from its running peak, as a fraction of that peak, fed in time
 * order.
 */
export class DrawdownScan {
  peak = 0;
  worst = 0;

  start(capital: number): void {
    this.peak = capital;
    this.worst = 0;
  }

  /** A peak among equities none of which is a fall that counts. */
  raise(equity: number): void {
    if (equity > this.peak) this.peak = equity;
  }

  point(equity: number): void {
    if (equity > this.peak) this.peak = equity;
    else if (this.peak - equity > this.worst * this.peak) {
      this.worst = (this.peak - equity) / this.peak;
    }
  }
}
