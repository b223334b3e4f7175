import type { Engine } from '../../engine/engine.ts';
import { copyState } from '../../engine/state-copy.ts';
import type { Venue } from '../../venue/venue.ts';
import type { Mailbox } from './mailbox.ts';
import type { SimState } from './sim-state.ts';

/** Everything of a run that changes. Logs are append-only: their lengths are in `state`. */
export type RunState = {
  readonly venue: Venue;
  readonly mailbox: Mailbox;
  readonly state: SimState;
  engine: Engine;
};

const NOTHING_SHARED: ReadonlySet<object> = new Set();

/** Makes one run state equal to another, in place. */
export function copyRunState(target: RunState, source: RunState): void {
  copyState(target.engine, source.engine, NOTHING_SHARED);
  copyState(target.venue, source.venue, NOTHING_SHARED);
  copyState(target.mailbox, source.mailbox, NOTHING_SHARED);
  copyState(target.state, source.state, NOTHING_SHARED);
}
