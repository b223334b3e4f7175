/** A value that grows with each input; `next` says what an input would make it, and changes nothing. */
export interface Running {
  /** NaN while there are too few inputs. */
  next(input: number): number;
  /** Takes the input in. */
  take(input: number): void;
}

/** Mean of the last `period` inputs, by a running sum. */
export class RunningMean implements Running {
  readonly #period: number;
  /** The last `period` inputs; zeros before there were so many. */
  readonly #window: Float64Array;
  #sum = 0;
  #count = 0;

  constructor(period: number) {
    this.#period = period;
    this.#window = new Float64Array(period);
  }

  next(input: number): number {
    return this.#count + 1 < this.#period ? NaN : this.#sumWith(input) / this.#period;
  }

  take(input: number): void {
    this.#sum = this.#sumWith(input);
    this.#window[this.#count % this.#period] = input;
    this.#count += 1;
  }

  #sumWith(input: number): number {
    return this.#sum - (this.#window[this.#count % this.#period] ?? 0) + input;
  }
}

/** `v + (input - v) x share`, beginning with the mean of the first `period` inputs. */
export class Smoothed implements Running {
  readonly #share: number;
  readonly #first: RunningMean;
  #value = NaN;

  constructor(period: number, share: number) {
    this.#share = share;
    this.#first = new RunningMean(period);
  }

  next(input: number): number {
    const value = this.#value;
    return Number.isNaN(value) ? this.#first.next(input) : (input - value) * this.#share + value;
  }

  take(input: number): void {
    const begun = !Number.isNaN(this.#value);
    this.#value = this.next(input);
    if (!begun) this.#first.take(input);
  }
}
