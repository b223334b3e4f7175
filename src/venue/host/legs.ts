import { volatileCandles } from '../../market/volatility.ts';
import { lowerBound } from '../../market/tape.ts';
import type { Tape } from '../../market/tape.ts';
import type { ExecutionProfile } from '../execution-profile.ts';
import {
  LEGS,
  LEG_ACK,
  LEG_AMEND,
  LEG_CANCEL,
  LEG_MARKET,
  LEG_SUBMIT,
  Latency,
} from '../latency.ts';

/** Look-ups draw from legs of their own, so that asking shifts no order's delay. */
const READ_SEED = 0x5ead;

/** How long what is sent now takes: drawn by leg, time, and how many the leg sent in that ms. */
export class Legs {
  readonly #writes: Latency;
  readonly #reads: Latency;
  readonly #tape: Tape | undefined;
  readonly #volatile: Uint8Array;
  readonly #drawnMs = new Float64Array(2 * LEGS.length).fill(-Infinity);
  readonly #drawn = new Float64Array(2 * LEGS.length);
  #lastWriteMs = -Infinity;
  #lastPublicMs = -Infinity;

  /** Without a tape no candle is known to be volatile. */
  constructor(execution: ExecutionProfile, tape: Tape | undefined, seed: number) {
    const rule = tape === undefined ? undefined : execution.volatility;
    this.#writes = new Latency(execution.legs, rule, seed);
    this.#reads = new Latency(execution.legs, rule, seed + READ_SEED);
    this.#tape = tape;
    this.#volatile =
      tape === undefined || rule === undefined
        ? new Uint8Array(0)
        : volatileCandles(tape, rule.rangeAtrs);
  }

  /** Arrival of a request; those that change something do not overtake each other. */
  arrivalMs(sentMs: number, path: string, isWrite: boolean): number {
    if (!isWrite) return sentMs + this.#next(this.#reads, LEG_SUBMIT, LEGS.length, sentMs);
    const arrivalMs = sentMs + this.#next(this.#writes, legOf(path), 0, sentMs);
    this.#lastWriteMs = Math.max(this.#lastWriteMs, arrivalMs);
    return this.#lastWriteMs;
  }

  /** When the answer to a request that was carried out now is back; answers may overtake. */
  replyMs(nowMs: number, isWrite: boolean): number {
    const latency = isWrite ? this.#writes : this.#reads;
    return nowMs + this.#next(latency, LEG_ACK, isWrite ? 0 : LEGS.length, nowMs);
  }

  /** Public frames keep their order; the delay is a function of time alone. */
  publicMs(nowMs: number): number {
    const delayMs = this.#writes.delayMs(LEG_MARKET, nowMs, 0, this.#isVolatile(nowMs));
    this.#lastPublicMs = Math.max(this.#lastPublicMs, nowMs + delayMs);
    return this.#lastPublicMs;
  }

  #next(latency: Latency, leg: number, offset: number, nowMs: number): number {
    const at = offset + leg;
    if (this.#drawnMs[at] !== nowMs) this.#drawn[at] = 0;
    this.#drawnMs[at] = nowMs;
    const n = this.#drawn[at] ?? 0;
    this.#drawn[at] = n + 1;
    return latency.delayMs(leg, nowMs, n, this.#isVolatile(nowMs));
  }

  #isVolatile(timeMs: number): boolean {
    if (this.#volatile.length === 0 || this.#tape === undefined) return false;
    const { openTimeMs, intervalMs } = this.#tape;
    const row = lowerBound(openTimeMs, timeMs + 1) - 1;
    return this.#volatile[row] === 1 && timeMs < (openTimeMs[row] ?? 0) + intervalMs;
  }
}

function legOf(path: string): number {
  if (path.includes('/cancel')) return LEG_CANCEL;
  return path.includes('/amend') ? LEG_AMEND : LEG_SUBMIT;
}
