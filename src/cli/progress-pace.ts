import type { SweepProgress } from '../sweep/sweep-run.ts';

/** Points differ in cost from one end of a grid to the other: what was long ago says little. */
const WINDOW_MS = 20_000;

type Mark = { readonly ms: number; readonly done: number };

/**
 * Points per second, and how long the rest of them takes at that rate, from the points that this
 * process has finished within the last 20 seconds. Nothing is guessed before any is.
 */
export class Pace {
  readonly #now: () => number;
  readonly #start: Mark;
  #marks: Mark[];

  constructor(done: number, now: () => number = () => performance.now()) {
    this.#now = now;
    this.#start = { ms: now(), done };
    this.#marks = [this.#start];
  }

  text({ done, total }: SweepProgress): string {
    const ms = this.#now();
    this.#marks.push({ ms, done });
    if (done === total) return this.#whole(ms, done);
    const old = this.#marks.filter((mark) => mark.ms < ms - WINDOW_MS).length;
    // The last mark before the window stays: rates are between two marks.
    this.#marks = this.#marks.slice(Math.max(0, old - 1));
    const from = this.#marks[0] ?? this.#start;
    const perSecond = rate(from, { ms, done });
    if (perSecond <= 0) return 'starting';
    return `${rateText(perSecond)}, ${timeText(Math.ceil((total - done) / perSecond))} left`;
  }

  #whole(ms: number, done: number): string {
    const seconds = (ms - this.#start.ms) / 1_000;
    const all = rateText(rate(this.#start, { ms, done }));
    return `${all}, in ${seconds < 10 ? `${seconds.toFixed(1)} s` : timeText(Math.round(seconds))}`;
  }
}

function rate(from: Mark, to: Mark): number {
  return (to.done - from.done) / Math.max((to.ms - from.ms) / 1_000, 0.001);
}

function rateText(perSecond: number): string {
  return `${perSecond.toFixed(perSecond < 10 ? 1 : 0)} points/s`;
}

function timeText(seconds: number): string {
  if (seconds < 100) return `${seconds} s`;
  return seconds < 6_000 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3_600).toFixed(1)} h`;
}
