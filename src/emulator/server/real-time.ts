import type { Emulation } from '../emulation.ts';
import type { VenueClock } from './venue-clock.ts';
import type { Wire } from './wire.ts';

/** Venue time runs with the wall clock, at some speed; it can stand still. */
export class RealTime implements VenueClock {
  readonly mode = 'real';
  readonly #emulation: Emulation;
  readonly #wire: Wire;
  readonly #wallMs: () => number;
  #speed: number;
  #isPaused = false;
  #fromWallMs: number;
  #fromVenueMs: number;
  #timer: NodeJS.Timeout | undefined;
  #isOver = false;

  /** `fromWallMs`: when the venue was where it is now. */
  constructor(
    emulation: Emulation,
    wire: Wire,
    speed: number,
    wallMs: () => number,
    fromWallMs: number,
  ) {
    this.#emulation = emulation;
    this.#wire = wire;
    this.#wallMs = wallMs;
    this.#speed = speed;
    this.#fromWallMs = fromWallMs;
    this.#fromVenueMs = emulation.nowMs;
    this.#sleep();
  }

  get speed(): number {
    return this.#speed;
  }

  get isPaused(): boolean {
    return this.#isPaused;
  }

  setSpeed(speed: number): void {
    this.#rebase();
    this.#speed = speed;
    this.#sleep();
  }

  pause(isPaused: boolean): void {
    this.#rebase();
    this.#isPaused = isPaused;
    this.#sleep();
  }

  /** Everything that has happened at the venue by now is carried out. */
  catchUp(): void {
    const untilMs = this.#venueMs();
    while (this.#emulation.nowMs < untilMs || this.#emulation.nextMs() <= untilMs) {
      const deliveries = this.#emulation.advanceTo(untilMs);
      this.#wire.carry(deliveries);
    }
  }

  /** Something has arrived: what comes next may come sooner. */
  arrived(): void {
    this.#sleep();
  }

  close(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
  }

  #venueMs(): number {
    if (this.#isPaused) return this.#emulation.nowMs;
    const passedMs = Math.max(0, this.#wallMs() - this.#fromWallMs);
    return Math.max(this.#emulation.nowMs, Math.floor(this.#fromVenueMs + passedMs * this.#speed));
  }

  #rebase(): void {
    this.catchUp();
    this.#fromWallMs = this.#wallMs();
    this.#fromVenueMs = this.#emulation.nowMs;
  }

  #sleep(): void {
    clearTimeout(this.#timer);
    const waitMs = (this.#emulation.nextMs() - this.#venueMs()) / this.#speed;
    if (this.#isOver || this.#isPaused || waitMs === Infinity) return;
    this.#timer = setTimeout(
      () => {
        this.catchUp();
        this.#sleep();
      },
      Math.min(Math.max(1, waitMs), 1_000),
    );
  }
}
