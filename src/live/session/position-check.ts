import type { Engine } from '../../engine/engine.ts';
import { GATE_CATCHING_UP, GATE_FOREIGN, GATE_POSITION } from '../../engine/entry-gate.ts';
import type { CatchUp } from './catch-up.ts';
import type { EngineFeed } from './engine-feed.ts';
import type { AlarmCode } from './protocol.ts';
import type { Stream } from './stream.ts';

export type PositionCheckParts = {
  readonly engine: Engine;
  readonly feed: EngineFeed;
  readonly catchUp: CatchUp;
  readonly privateStream: Stream;
  readonly alarm: (code: AlarmCode, text: string) => void;
};

/** Holds the venue's position against the ledger. */
export class PositionCheck {
  /** Venue position less ledger, as a person has accepted it. */
  acceptedSteps = 0;
  /** As the venue last said. */
  venueSteps = NaN;
  readonly #parts: PositionCheckParts;

  constructor(parts: PositionCheckParts) {
    this.#parts = parts;
  }

  /** A person lets a difference stand. */
  accept(): void {
    const { engine, feed } = this.#parts;
    if (feed.isGated(GATE_POSITION) && !Number.isNaN(this.venueSteps))
      this.acceptedSteps = this.venueSteps - engine.ledger.positionSteps;
  }

  /** `whole`: executions were read to the end before, so that a difference is one. */
  read(steps: number, askedMs: number, whole: boolean): void {
    const { engine, feed, catchUp, privateStream, alarm } = this.#parts;
    // What was told before this answer must be in the ledger before it is compared.
    feed.drain();
    this.venueSteps = steps;
    const expected = steps - this.acceptedSteps;
    const agrees = expected === engine.ledger.positionSteps;
    feed.tell({ kind: 'positionSeen', timeMs: feed.nowMs, steps: expected, askedMs });
    if (!whole) return;
    const deaf = privateStream.state !== 'subscribed';
    const verdict = catchUp.compared(agrees, deaf, feed.nowMs);
    if (verdict === 'again') return;
    if (verdict === 'holed') {
      feed.tell({ kind: 'caughtUp', timeMs: feed.nowMs });
      return;
    }
    if (verdict === 'differs' && !feed.isGated(GATE_POSITION)) {
      const { positionSteps } = engine.ledger;
      alarm('position-differs', `venue ${expected}, ledger ${positionSteps} steps`);
    }
    feed.gate(GATE_POSITION, verdict === 'differs');
    feed.tell({ kind: 'caughtUp', timeMs: feed.nowMs });
    if (verdict === 'agrees') feed.gate(GATE_FOREIGN, false);
    if (!deaf) feed.gate(GATE_CATCHING_UP, false);
  }

  /** Its row cannot be read: exits go on, entries wait for a person. */
  unreadable(): void {
    const { feed, catchUp } = this.#parts;
    catchUp.passOver(feed.nowMs);
    feed.tell({ kind: 'caughtUp', timeMs: feed.nowMs });
  }
}
