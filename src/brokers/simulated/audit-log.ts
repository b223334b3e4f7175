/** What happened to orders, append-only, in the order it happened. Folded into tables afterwards. */
export const AUDIT_SENT = 0;
export const AUDIT_BOOKED = 1;
export const AUDIT_REFUSED = 2;
export const AUDIT_AMENDED = 3;
export const AUDIT_ENDED = 4;
export const AUDIT_TRIGGERED = 5;
export const AUDIT_FILL_KNOWN = 6;
/** The engine's side of the messages: what it sent after an order, and what it was told. */
export const AUDIT_AMEND_SENT = 7;
export const AUDIT_CANCEL_SENT = 8;
export const AUDIT_ANSWER_KNOWN = 9;
export const AUDIT_END_KNOWN = 10;
/** The venue made an exit that came with an entry. */
export const AUDIT_ATTACHED = 11;

const STRIDE = 9;

export type AuditRow = {
  readonly type: number;
  readonly timeMs: number;
  readonly orderId: number;
  readonly values: readonly number[];
};

export class AuditLog {
  readonly keepsRows: boolean;
  count = 0;
  #cells = new Float64Array(0);

  constructor(keepsRows: boolean) {
    this.keepsRows = keepsRows;
  }

  add(
    type: number,
    timeMs: number,
    orderId: number,
    a = 0,
    b = 0,
    c = 0,
    d = 0,
    e = 0,
    f = 0,
  ): void {
    if (!this.keepsRows) return;
    const at = this.count * STRIDE;
    if (at + STRIDE > this.#cells.length) this.#grow();
    const cells = this.#cells;
    cells[at] = type;
    cells[at + 1] = timeMs;
    cells[at + 2] = orderId;
    cells[at + 3] = a;
    cells[at + 4] = b;
    cells[at + 5] = c;
    cells[at + 6] = d;
    cells[at + 7] = e;
    cells[at + 8] = f;
    this.count += 1;
  }

  list(): AuditRow[] {
    return Array.from({ length: this.count }, (_, row) => {
      const at = row * STRIDE;
      const cells = [...this.#cells.subarray(at, at + STRIDE)];
      return {
        type: cells[0] ?? 0,
        timeMs: cells[1] ?? 0,
        orderId: cells[2] ?? 0,
        values: cells.slice(3),
      };
    });
  }

  #grow(): void {
    const larger = new Float64Array(Math.max(256 * STRIDE, this.#cells.length * 2));
    larger.set(this.#cells);
    this.#cells = larger;
  }
}
