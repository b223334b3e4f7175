import type { LiveLog } from '../shell/live-log.ts';
import type { Alert } from './alert.ts';
import { AlertPace } from './alert-pace.ts';
import type { Channel } from './channel.ts';
import { sendHttp } from './http-send.ts';

export type PostTimes = {
  readonly firstRetryMs: number;
  readonly longestRetryMs: number;
  readonly attempts: number;
  /** How long the end of the process waits for what is on its way. */
  readonly closeWithinMs: number;
};

/** Tried for about half an hour: longer than most restarts of what is at the other end. */
export const POST_TIMES: PostTimes = {
  firstRetryMs: 1_000,
  longestRetryMs: 120_000,
  attempts: 20,
  closeWithinMs: 3_000,
};
/** Beyond it the oldest are let go: an hour without a network must not fill the memory. */
const MOST_WAITING = 100;

/** Delivers on its own time: whoever gives it an alert has gone on before anything is sent. */
export class AlertPost {
  readonly #pace = new AlertPace();
  readonly #lanes: readonly Lane[];
  readonly #nowMs: () => number;
  #timer: NodeJS.Timeout | undefined;

  constructor(channels: readonly Channel[], log: LiveLog, nowMs: () => number, times = POST_TIMES) {
    this.#lanes = channels.map((channel) => new Lane(channel, log, times));
    this.#nowMs = nowMs;
  }

  take(alert: Alert): void {
    // The last word comes last.
    if (alert.code === 'stopped') for (const held of this.#pace.rest()) this.#give(held);
    const passed = this.#pace.take(alert, this.#nowMs());
    if (passed !== undefined) this.#give(passed);
    this.#wait();
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    for (const alert of this.#pace.rest()) this.#give(alert);
    await Promise.all(this.#lanes.map((lane) => lane.close()));
  }

  #give(alert: Alert): void {
    for (const lane of this.#lanes) lane.add(alert);
  }

  #wait(): void {
    clearTimeout(this.#timer);
    const dueMs = this.#pace.dueMs();
    if (dueMs === Infinity) return;
    this.#timer = setTimeout(
      () => {
        const released = this.#pace.release(this.#nowMs());
        if (released !== undefined) this.#give(released);
        this.#wait();
      },
      Math.max(10, dueMs - this.#nowMs()),
    );
    this.#timer.unref();
  }
}

/** One channel's queue: in order, one at a time, each until it is delivered or given up. */
class Lane {
  readonly #channel: Channel;
  readonly #log: LiveLog;
  readonly #times: PostTimes;
  readonly #waiting: Alert[] = [];
  readonly #stop = new AbortController();
  #running: Promise<void> | undefined;

  constructor(channel: Channel, log: LiveLog, times: PostTimes) {
    this.#channel = channel;
    this.#log = log;
    this.#times = times;
  }

  add(alert: Alert): void {
    this.#waiting.push(alert);
    if (this.#waiting.length > MOST_WAITING) this.#lost(this.#waiting.shift(), 'too many wait');
    this.#running ??= this.#run().finally(() => (this.#running = undefined));
  }

  async close(): Promise<void> {
    const late = setTimeout(() => this.#stop.abort(), this.#times.closeWithinMs);
    await this.#running;
    clearTimeout(late);
  }

  async #run(): Promise<void> {
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift())
      await this.#deliver(next);
  }

  async #deliver(alert: Alert): Promise<void> {
    const { firstRetryMs, longestRetryMs, attempts } = this.#times;
    for (let attempt = 1; ; attempt += 1) {
      if (this.#stop.signal.aborted) return this.#lost(alert, 'the process ends');
      const sent = await sendHttp(this.#channel.message(alert), this.#stop.signal);
      if (sent.t === 'delivered') return;
      if (sent.t === 'refused' || attempt >= attempts) return this.#lost(alert, sent.why);
      const backOffMs = Math.min(firstRetryMs * 2 ** (attempt - 1), longestRetryMs);
      await pause(Math.max(backOffMs, sent.afterMs), this.#stop.signal);
    }
  }

  #lost(alert: Alert | undefined, why: string): void {
    if (alert === undefined) return;
    const { code, text } = alert;
    this.#log.warn({ channel: this.#channel.name, alert: code, why }, `not delivered: ${text}`);
  }
}

function pause(ms: number, stop: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    const end = (): void => {
      clearTimeout(timer);
      resolve();
    };
    if (stop.aborted) end();
    else stop.addEventListener('abort', end, { once: true });
  });
}
