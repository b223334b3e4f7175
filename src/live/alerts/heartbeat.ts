import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Secret } from '../../brokers/bybit/secret.ts';
import type { LiveLog } from '../shell/live-log.ts';
import type { LiveStatus } from '../shell/status.ts';
import type { Onlooker } from '../watch/onlooker.ts';
import { sendHttp } from './http-send.ts';

export const BEAT_EVERY_MS = 60_000;
/** So long a stream may be away before the beat stops: the other machine then calls somebody. */
const DEAF_WITHIN_MS = 120_000;

export type HeartbeatParts = {
  readonly stateDir: string;
  /** Absent: the file alone. */
  readonly url?: Secret;
  readonly log: LiveLog;
  readonly nowMs: () => number;
};

/**
 * A sign of life that somebody else watches, since a dead process raises no alarm. It beats while
 * the process looks and hears: the file `heartbeat` each minute, and an address if there is one.
 */
export class Heartbeat implements Onlooker {
  readonly #parts: HeartbeatParts;
  readonly #stop = new AbortController();
  #beatMs = -Infinity;
  #heardMs: number;
  #isSending = false;

  constructor(parts: HeartbeatParts) {
    this.#parts = parts;
    this.#heardMs = parts.nowMs();
  }

  looked({ state, streams, end }: LiveStatus): void {
    const nowMs = this.#parts.nowMs();
    if (streams.private === 'subscribed') this.#heardMs = nowMs;
    const isWell =
      end === undefined && state !== 'FAILED' && nowMs < this.#heardMs + DEAF_WITHIN_MS;
    if (!isWell || nowMs < this.#beatMs + BEAT_EVERY_MS) return;
    this.#beatMs = nowMs;
    void this.#ping();
    this.#write(`${new Date(nowMs).toISOString()} ${state}\n`);
  }

  close(): Promise<void> {
    this.#stop.abort();
    return Promise.resolve();
  }

  #write(line: string): void {
    const path = join(this.#parts.stateDir, 'heartbeat');
    writeFileSync(`${path}.tmp`, line, { mode: 0o600 });
    renameSync(`${path}.tmp`, path);
  }

  /** Not repeated: the next one comes by itself, and one that is missing is what it is for. */
  async #ping(): Promise<void> {
    const { url, log } = this.#parts;
    if (url === undefined || this.#isSending) return;
    this.#isSending = true;
    const sent = await sendHttp({ url: url.reveal(), method: 'GET' }, this.#stop.signal);
    this.#isSending = false;
    if (sent.t !== 'delivered') log.warn({ why: sent.why }, 'the heartbeat was not taken');
  }
}
