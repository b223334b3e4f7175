/** Executions as they happened at the venue, in time and sequence order. Columns, reused. */
export class FillLog {
  count = 0;
  timeMs = new Float64Array(0);
  /** When the engine learnt of it; NaN when it never did, or nobody asked. */
  knownMs = new Float64Array(0);
  orderId = new Float64Array(0);
  /** Slot index; -1 for a liquidation, which closes every slot. */
  slot = new Int32Array(0);
  role = new Uint8Array(0);
  side = new Int8Array(0);
  priceTicks = new Float64Array(0);
  qtySteps = new Float64Array(0);
  maker = new Uint8Array(0);
  fee = new Float64Array(0);

  add(
    timeMs: number,
    orderId: number,
    slot: number,
    role: number,
    side: number,
    priceTicks: number,
    qtySteps: number,
    maker: boolean,
    fee: number,
  ): number {
    const at = this.count;
    if (at === this.timeMs.length) this.#grow();
    this.timeMs[at] = timeMs;
    this.knownMs[at] = NaN;
    this.orderId[at] = orderId;
    this.slot[at] = slot;
    this.role[at] = role;
    this.side[at] = side;
    this.priceTicks[at] = priceTicks;
    this.qtySteps[at] = qtySteps;
    this.maker[at] = maker ? 1 : 0;
    this.fee[at] = fee;
    this.count = at + 1;
    return at;
  }

  #grow(): void {
    const length = Math.max(256, this.timeMs.length * 2);
    const float = (old: Float64Array): Float64Array<ArrayBuffer> => {
      const larger = new Float64Array(length);
      larger.set(old);
      return larger;
    };
    this.timeMs = float(this.timeMs);
    this.knownMs = float(this.knownMs);
    this.orderId = float(this.orderId);
    this.priceTicks = float(this.priceTicks);
    this.qtySteps = float(this.qtySteps);
    this.fee = float(this.fee);
    const slot = new Int32Array(length);
    slot.set(this.slot);
    this.slot = slot;
    const role = new Uint8Array(length);
    role.set(this.role);
    this.role = role;
    const side = new Int8Array(length);
    side.set(this.side);
    this.side = side;
    const maker = new Uint8Array(length);
    maker.set(this.maker);
    this.maker = maker;
  }
}
