import type { Effect, Input } from '../session/protocol.ts';
import type { LiveStatus } from '../shell/status.ts';
import type { Onlooker } from '../watch/onlooker.ts';
import { heldText, shown } from '../watch/status-lines.ts';
import type { Alert, AlertCode } from './alert.ts';

export type AlertLimits = {
  /** Of the price; nearer to liquidation than this, somebody is told. */
  readonly liquidationPercent: number;
  readonly diskFreeBytes: number;
};

/** What is over is told again only after it has been well over: a number on the edge is no news. */
const REARM_FACTOR = 1.2;
/** A refused exit is tried again within seconds; what takes longer needs a person. */
const BARE_FOR_MS = 30_000;

/** Turns what happens into what somebody is told. Rate and delivery are the post's. */
export class AlertRules implements Onlooker {
  readonly #limits: AlertLimits;
  readonly #freeBytes: () => number;
  readonly #emit: (alert: Alert) => void;
  readonly #low = new Set<AlertCode>();
  #fills = NaN;
  #isHalted = false;
  #isOver = false;
  #bareSinceMs = NaN;
  #isBareTold = false;

  constructor(limits: AlertLimits, freeBytes: () => number, emit: (alert: Alert) => void) {
    this.#limits = limits;
    this.#freeBytes = freeBytes;
    this.#emit = emit;
  }

  acted({ atMs }: Input, effects: readonly Effect[]): void {
    for (const effect of effects)
      if (effect.t === 'alarm') this.#emit({ code: effect.code, atMs, text: effect.text });
  }

  looked(status: LiveStatus): void {
    if (Number.isNaN(this.#fills)) this.#say('started', `run ${status.run}`, status);
    this.#fill(status);
    this.#halt(status);
    this.#bare(status);
    const { distancePercent } = status.liquidation;
    const near = `${shown(distancePercent)} % to liquidation at ${shown(status.liquidation.price)}`;
    const { liquidationPercent, diskFreeBytes } = this.#limits;
    this.#below('liquidation-near', distancePercent ?? Infinity, liquidationPercent, near, status);
    const free = this.#freeBytes();
    const left = `${Math.round(free / 1e6)} MB left where the journal is written`;
    this.#below('disk-low', free, diskFreeBytes, left, status);
    if (status.end !== undefined && !this.#isOver) {
      this.#isOver = true;
      this.#say('stopped', status.end, status);
    }
  }

  #fill(status: LiveStatus): void {
    const { fills, lastFill, position, money } = status;
    // What earlier runs have filled is no news; what recovery finds is.
    if (fills > this.#fills) {
      const more = fills - this.#fills === 1 ? 'filled' : `${fills - this.#fills} fills, the last`;
      const text = `${more} at ${shown(lastFill.price)}: ${heldText(position)}, realised ${shown(money.realised)} ${money.settle}`;
      this.#say('fill', text, status);
    }
    this.#fills = fills;
  }

  #halt(status: LiveStatus): void {
    const isHalted = status.state === 'HALTED' || status.state === 'FAILED';
    if (isHalted && !this.#isHalted) {
      const why = status.entriesStopped.join(', ');
      this.#say('halt', `${why}: ${heldText(status.position)}`, status);
    }
    if (!isHalted && this.#isHalted && status.end === undefined)
      this.#say('resumed', `${status.state}: ${heldText(status.position)}`, status);
    this.#isHalted = isHalted;
  }

  #bare(status: LiveStatus): void {
    const { withoutExit, atMs, position } = status;
    if (withoutExit.length === 0) {
      this.#bareSinceMs = NaN;
      this.#isBareTold = false;
      return;
    }
    if (Number.isNaN(this.#bareSinceMs)) this.#bareSinceMs = atMs;
    if (this.#isBareTold || atMs < this.#bareSinceMs + BARE_FOR_MS) return;
    this.#isBareTold = true;
    const slots = withoutExit.join(', ');
    const text = `no exit stands for slot ${slots} since 30 s: ${heldText(position)}`;
    this.#say('unprotected', text, status);
  }

  #below(code: AlertCode, value: number, limit: number, text: string, status: LiveStatus): void {
    if (value >= limit * REARM_FACTOR) this.#low.delete(code);
    if (value >= limit || this.#low.has(code)) return;
    this.#low.add(code);
    this.#say(code, text, status);
  }

  #say(code: AlertCode, text: string, { atMs }: LiveStatus): void {
    this.#emit({ code, atMs, text });
  }
}
