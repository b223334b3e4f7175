const FIRST_CAPACITY = 8;

/** What would end a leap over candle closes. Registers, reused; prices in ticks. */
export class LeapLimits {
  /** A path in (floor, ceil) reaches nothing that stays where it is. */
  floor = -Infinity;
  ceil = Infinity;
  /** Of the closes since the last fill, up to the first close that is not yet passed over. */
  highestClose = -Infinity;
  lowestClose = Infinity;
  /** Some level trails the closes. */
  trails = false;
  /**
   * Levels `anchor + coef x indicator`, reached by a falling (-1) or a rising (+1) path. They are
   * met a tick early, because orders round by less than one.
   */
  count = 0;
  direction = new Int8Array(FIRST_CAPACITY);
  base = new Float64Array(FIRST_CAPACITY);
  /** The anchor is the base, or where it is further the highest (1) or lowest (-1) close. */
  trail = new Int8Array(FIRST_CAPACITY);
  coef = new Float64Array(FIRST_CAPACITY);
  indicator = new Int32Array(FIRST_CAPACITY);
  /** A level at or below zero is no price: the leap ends there. */
  mustBePrice = new Uint8Array(FIRST_CAPACITY);

  clear(): void {
    this.floor = -Infinity;
    this.ceil = Infinity;
    this.trails = false;
    this.count = 0;
  }

  add(
    direction: number,
    base: number,
    trail: number,
    coef: number,
    indicator: number,
    mustBePrice: boolean,
  ): void {
    const at = this.count;
    if (at === this.base.length) this.#grow();
    this.count = at + 1;
    this.direction[at] = direction;
    this.base[at] = base;
    this.trail[at] = trail;
    if (trail !== 0) this.trails = true;
    this.coef[at] = coef;
    this.indicator[at] = indicator;
    this.mustBePrice[at] = mustBePrice ? 1 : 0;
  }

  #grow(): void {
    const length = this.base.length * 2;
    this.direction = grown(new Int8Array(length), this.direction);
    this.base = grown(new Float64Array(length), this.base);
    this.trail = grown(new Int8Array(length), this.trail);
    this.coef = grown(new Float64Array(length), this.coef);
    this.indicator = grown(new Int32Array(length), this.indicator);
    this.mustBePrice = grown(new Uint8Array(length), this.mustBePrice);
  }
}

function grown<Column extends Int8Array | Float64Array | Int32Array | Uint8Array>(
  larger: Column,
  old: Column,
): Column {
  larger.set(old);
  return larger;
}
