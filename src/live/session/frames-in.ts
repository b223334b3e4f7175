import { SOURCE_STREAM } from '../../engine/doubt-events.ts';
import { GATE_CATCHING_UP } from '../../engine/entry-gate.ts';
import type { Instrument } from '../../engine/instrument.ts';
import { decodePrivateFrame } from '../../brokers/bybit/wire/private-frame.ts';
import type { PrivateFrame } from '../../brokers/bybit/wire/private-frame.ts';
import { decodePublicFrame } from '../../brokers/bybit/wire/public-frame.ts';
import type { CatchUp } from './catch-up.ts';
import type { EngineFeed } from './engine-feed.ts';
import type { Quarantine } from './quarantine.ts';
import type { RecordsIn } from './records-in.ts';
import type { Stream } from './stream.ts';

export type FramesInParts = {
  readonly instrument: Instrument;
  readonly feed: EngineFeed;
  readonly catchUp: CatchUp;
  readonly quarantine: Quarantine;
  readonly records: RecordsIn;
  readonly privateStream: Stream;
  readonly publicStream: Stream;
};

/** What the two streams say. */
export class FramesIn {
  readonly #parts: FramesInParts;

  constructor(parts: FramesInParts) {
    this.#parts = parts;
  }

  privateFrame(body: unknown): void {
    const { instrument, feed, catchUp, quarantine } = this.#parts;
    const decoded = decodePrivateFrame(body, instrument);
    if (decoded.ok) {
      this.#privateNews(decoded.value);
      return;
    }
    if (decoded.sound !== undefined) {
      quarantine.take(decoded.problems);
      this.#privateNews(decoded.sound);
    }
    // What could not be read may have been a fill: read everything.
    feed.gate(GATE_CATCHING_UP, true);
    catchUp.start(feed.nowMs);
  }

  publicFrame(body: unknown): void {
    const { instrument, feed, publicStream } = this.#parts;
    const decoded = decodePublicFrame(body, instrument);
    const frame = decoded.ok ? decoded.value : decoded.sound;
    if (frame === undefined) return;
    if (frame.kind === 'control') {
      publicStream.control(frame, feed.nowMs);
      return;
    }
    if (frame.kind === 'ticker' && frame.lastTicks > 0) feed.price(frame.lastTicks);
    if (frame.kind === 'trades') {
      const last = frame.records.at(-1);
      if (last !== undefined) feed.price(last.priceTicks);
    }
  }

  #privateNews(frame: PrivateFrame): void {
    const { feed, catchUp, records, privateStream } = this.#parts;
    switch (frame.kind) {
      case 'control':
        if (privateStream.control(frame, feed.nowMs)) catchUp.start(feed.nowMs);
        return;
      case 'orders':
        records.orders(frame.records, SOURCE_STREAM, -Infinity);
        return;
      case 'executions':
        records.executions(frame.records);
        return;
      case 'positions':
      case 'wallet':
        return;
    }
  }
}
