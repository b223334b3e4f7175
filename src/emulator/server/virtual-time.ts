import type { WebSocket } from 'ws';
import { z } from 'zod';
import type { Emulation } from '../emulation.ts';
import { difference, ledgerOf } from './ledger.ts';
import type { VenueClock } from './venue-clock.ts';
import type { Wire } from './wire.ts';

const count = z.int().min(0);
const perSocket = z.strictObject({ private: count, public: count, trade: count });
const idleSchema = z.strictObject({
  t: z.literal('idle'),
  step: count,
  ledger: z.strictObject({
    calls: count,
    answers: count,
    attempts: perSocket,
    open: perSocket,
    frames: perSocket,
    sent: perSocket,
  }),
  /** When the client next does something of its own accord; null: never. */
  nextTimerMs: z.number().nullable(),
});
export type Idle = z.infer<typeof idleSchema>;

/**
 * Venue time stands still until the client has nothing left to do: it has taken every frame and
 * answer, nothing of its own is on the way, and it has said when it will next act by itself. Then
 * time goes to whatever comes first, and one thing is delivered. Protocol: docs/emulator.md.
 */
export class VirtualTime implements VenueClock {
  readonly mode = 'virtual';
  readonly speed = NaN;
  isPaused = false;
  readonly #emulation: Emulation;
  readonly #wire: Wire;
  #client: WebSocket | undefined;
  #step = 0;
  #idle: Idle | undefined;
  #saidEnd = false;

  constructor(emulation: Emulation, wire: Wire) {
    this.#emulation = emulation;
    this.#wire = wire;
    wire.beforeBatch = () => {
      this.#announce(false);
    };
  }

  /** False when another client keeps time already. */
  attach(client: WebSocket): boolean {
    if (this.#client !== undefined) return false;
    this.#client = client;
    client.on('message', (data) => {
      this.#hear(String(data));
    });
    client.on('close', () => {
      this.#client = undefined;
      this.#idle = undefined;
    });
    this.#announce(false);
    return true;
  }

  setSpeed(): void {
    // The client moves time.
  }

  pause(isPaused: boolean): void {
    this.isPaused = isPaused;
    this.#consider();
  }

  catchUp(): void {
    // Time is where the client has let it go.
  }

  arrived(): void {
    this.#tell({ t: 'arrived', ledger: ledgerOf(this.#emulation) });
    this.#consider();
  }

  close(): void {
    this.#client?.terminate();
  }

  #hear(text: string): void {
    const parsed = idleSchema.safeParse(jsonOf(text));
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      const where = issue?.path.join('.') ?? '';
      this.#tell({ t: 'wrong', text: `${where}: ${issue?.message ?? 'not understood'}` });
      return;
    }
    this.#idle = parsed.data;
    this.#consider();
  }

  /** Lets time pass as soon as both ends agree that nothing is on its way. */
  #consider(): void {
    const idle = this.#idle;
    if (idle === undefined || this.isPaused || idle.step !== this.#step) return;
    if (difference(ledgerOf(this.#emulation), idle.ledger) !== undefined) return;
    this.#idle = undefined;
    this.#advance(idle.nextTimerMs ?? Infinity);
  }

  /** What the venue does at a ms comes before the client's timer of that ms. */
  #advance(timerMs: number): void {
    const emulation = this.#emulation;
    for (;;) {
      const nextMs = emulation.nextMs();
      if (nextMs === Infinity && timerMs === Infinity) {
        this.#end();
        return;
      }
      if (nextMs > timerMs) {
        if (timerMs > emulation.nowMs) emulation.advanceTo(timerMs);
        this.#announce(true);
        return;
      }
      const deliveries = emulation.advanceTo(nextMs);
      if (deliveries.length === 0) continue;
      this.#wire.carry(deliveries);
      return;
    }
  }

  #end(): void {
    if (!this.#saidEnd) this.#tell({ t: 'end', venueMs: this.#emulation.nowMs });
    this.#saidEnd = true;
  }

  /** `timer`: whatever the client has due by now is to be done in this step. */
  #announce(timer: boolean): void {
    this.#step += 1;
    const venueMs = this.#emulation.nowMs;
    const ledger = ledgerOf(this.#emulation);
    this.#tell({ t: 'step', step: this.#step, venueMs, timer, ledger });
  }

  #tell(message: object): void {
    this.#client?.send(JSON.stringify(message));
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
