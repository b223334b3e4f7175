/** One wish to be woken; a new one replaces it. */
export interface ClockTimer {
  /** Infinity: not at all. `then` runs when the clock shows `atMs` or more. */
  wakeAt(atMs: number, then: () => void): void;
}

/** All that the live process knows of time. It never goes back. */
export interface Clock {
  nowMs(): number;
  timer(): ClockTimer;
}

/** setTimeout holds no more; a longer wait is taken in pieces. */
const LONGEST_WAIT_MS = 2 ** 31 - 1;
/** Of the time that passes, while the clock is ahead of the machine's. */
const CATCHING_SHARE = 0.5;

export type TimeSources = {
  readonly wallMs: () => number;
  readonly elapsedMs: () => number;
  /** Milliseconds shown per millisecond that passes; 1 but for an emulated venue's time. */
  readonly speed?: number;
};

/**
 * The machine's time, without its steps back: they are made up for by going slowly. A step ahead is
 * followed at once, since a machine that slept has slept.
 */
export class WallClock implements Clock {
  readonly #sources: TimeSources;
  readonly #speed: number;
  #shownMs: number;
  #elapsedMs: number;

  constructor(sources: TimeSources = machineTime) {
    this.#sources = sources;
    this.#speed = sources.speed ?? 1;
    this.#shownMs = sources.wallMs();
    this.#elapsedMs = sources.elapsedMs();
  }

  nowMs(): number {
    const wallMs = this.#sources.wallMs();
    const elapsedMs = this.#sources.elapsedMs();
    const passedMs = Math.max(0, elapsedMs - this.#elapsedMs) * this.#speed;
    this.#elapsedMs = elapsedMs;
    this.#shownMs = Math.max(wallMs, this.#shownMs + passedMs * CATCHING_SHARE);
    return Math.floor(this.#shownMs);
  }

  timer(): ClockTimer {
    let handle: NodeJS.Timeout | undefined;
    const arm = (atMs: number, then: () => void): void => {
      const leftMs = Math.max(atMs - this.nowMs(), 0) / this.#speed;
      const waitMs = Math.min(leftMs, LONGEST_WAIT_MS);
      handle = setTimeout(() => {
        // A timer may be a little early, and the clock may have been slow.
        if (this.nowMs() < atMs) arm(atMs, then);
        else then();
      }, waitMs);
    };
    return {
      wakeAt(atMs, then) {
        clearTimeout(handle);
        if (atMs !== Infinity) arm(atMs, then);
      },
    };
  }
}

const machineTime: TimeSources = {
  wallMs: () => Date.now(),
  elapsedMs: () => performance.now(),
};

/** The time of a venue that has its own, as it was a moment ago, going on at its speed. */
export function pacedTime(venueMs: number, speed: number): TimeSources {
  const fromMs = performance.now();
  const elapsedMs = (): number => performance.now();
  return { elapsedMs, speed, wallMs: () => venueMs + (performance.now() - fromMs) * speed };
}

type Wish = { atMs: number; order: number; then: () => void };

/** Time that somebody else moves: wishes come due in the order of their times. */
export class VirtualClock implements Clock {
  readonly #wishes = new Set<Wish>();
  #nowMs: number;
  #order = 0;

  constructor(startMs: number) {
    this.#nowMs = startMs;
  }

  nowMs(): number {
    return this.#nowMs;
  }

  timer(): ClockTimer {
    const wish: Wish = { atMs: Infinity, order: 0, then: () => undefined };
    return {
      wakeAt: (atMs, then) => {
        this.#order += 1;
        Object.assign(wish, { atMs, order: this.#order, then });
        if (atMs === Infinity) this.#wishes.delete(wish);
        else this.#wishes.add(wish);
      },
    };
  }

  /** When the next wish comes due; Infinity for none. */
  nextMs(): number {
    return this.#next()?.atMs ?? Infinity;
  }

  /** Moves on, waking whoever is due on the way. */
  advanceTo(ms: number): void {
    for (let next = this.#next(); next !== undefined && next.atMs <= ms; next = this.#next()) {
      this.#wishes.delete(next);
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      next.then();
    }
    this.#nowMs = Math.max(this.#nowMs, ms);
  }

  /** Moves on to a time at which something comes before whoever is due then. */
  showTo(ms: number): void {
    this.#nowMs = Math.max(this.#nowMs, ms);
  }

  #next(): Wish | undefined {
    let next: Wish | undefined;
    for (const wish of this.#wishes) {
      if (next === undefined || wish.atMs < next.atMs) next = wish;
      else if (wish.atMs === next.atMs && wish.order < next.order) next = wish;
    }
    return next;
  }
}
