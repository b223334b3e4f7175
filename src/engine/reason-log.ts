import { REASON, REASONS } from './reasons.ts';

/** One closed or open interval of a slot's reason, with the numbers at its start. */
export type ReasonInterval = {
  readonly slot: number;
  readonly code: number;
  readonly fromMs: number;
  readonly untilMs: number;
  readonly priceTicks: number;
  readonly lastFillTicks: number;
  readonly spacingTicks: number;
  readonly levelTicks: number;
};

const STRIDE = 8;

/** Reasons for inaction as intervals. Totals are always kept; the rows only when asked for. */
export class ReasonLog {
  readonly keepsRows: boolean;
  readonly code: Uint8Array;
  readonly sinceMs: Float64Array;
  readonly priceTicks: Float64Array;
  readonly lastFillTicks: Float64Array;
  readonly spacingTicks: Float64Array;
  readonly levelTicks: Float64Array;
  readonly totalMs = new Float64Array(REASONS.length);
  /** Append-only: a walk that is taken back only takes back the count. */
  #rows = new Float64Array(0);
  rowCount = 0;

  constructor(slotCount: number, keepsRows: boolean) {
    this.keepsRows = keepsRows;
    this.code = new Uint8Array(slotCount);
    this.sinceMs = new Float64Array(slotCount).fill(NaN);
    this.priceTicks = new Float64Array(slotCount);
    this.lastFillTicks = new Float64Array(slotCount);
    this.spacingTicks = new Float64Array(slotCount);
    this.levelTicks = new Float64Array(slotCount);
  }

  open(nowMs: number): void {
    this.sinceMs.fill(nowMs);
    this.code.fill(REASON['not-started']);
    this.priceTicks.fill(NaN);
    this.lastFillTicks.fill(NaN);
    this.spacingTicks.fill(NaN);
    this.levelTicks.fill(NaN);
    this.totalMs.fill(0);
    this.rowCount = 0;
  }

  set(
    slot: number,
    code: number,
    nowMs: number,
    priceTicks: number,
    lastFillTicks: number,
    spacingTicks: number,
    levelTicks: number,
  ): void {
    if (this.code[slot] === code) return;
    this.#close(slot, nowMs);
    this.code[slot] = code;
    this.sinceMs[slot] = nowMs;
    this.priceTicks[slot] = priceTicks;
    this.lastFillTicks[slot] = lastFillTicks;
    this.spacingTicks[slot] = spacingTicks;
    this.levelTicks[slot] = levelTicks;
  }

  /** Ends every open interval; call once, at the end of the run. */
  closeAll(nowMs: number): void {
    for (let slot = 0; slot < this.code.length; slot += 1) this.#close(slot, nowMs);
  }

  list(): ReasonInterval[] {
    return Array.from({ length: this.rowCount }, (_, row) => {
      const at = row * STRIDE;
      const field = (offset: number): number => this.#rows[at + offset] ?? NaN;
      return {
        slot: field(0),
        code: field(1),
        fromMs: field(2),
        untilMs: field(3),
        priceTicks: field(4),
        lastFillTicks: field(5),
        spacingTicks: field(6),
        levelTicks: field(7),
      };
    });
  }

  #close(slot: number, nowMs: number): void {
    const since = this.sinceMs[slot] ?? nowMs;
    if (!(nowMs > since)) return;
    const code = this.code[slot] ?? 0;
    this.totalMs[code] = (this.totalMs[code] ?? 0) + nowMs - since;
    if (!this.keepsRows) return;
    const at = this.rowCount * STRIDE;
    if (at + STRIDE > this.#rows.length) this.#grow();
    this.#rows[at] = slot;
    this.#rows[at + 1] = code;
    this.#rows[at + 2] = since;
    this.#rows[at + 3] = nowMs;
    this.#rows[at + 4] = this.priceTicks[slot] ?? NaN;
    this.#rows[at + 5] = this.lastFillTicks[slot] ?? NaN;
    this.#rows[at + 6] = this.spacingTicks[slot] ?? NaN;
    this.#rows[at + 7] = this.levelTicks[slot] ?? NaN;
    this.rowCount += 1;
  }

  #grow(): void {
    const larger = new Float64Array(Math.max(1024 * STRIDE, this.#rows.length * 2));
    larger.set(this.#rows);
    this.#rows = larger;
  }
}
