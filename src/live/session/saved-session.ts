import type { Engine } from '../../engine/engine.ts';
import type { CatchUp } from './catch-up.ts';
import type { EngineFeed } from './engine-feed.ts';
import type { Executions, SavedExecutions } from './executions.ts';
import { freeze, thaw } from './frozen.ts';
import type { Frozen } from './frozen.ts';
import type { LinkBook, SavedLink } from './link-book.ts';
import type { Outbox, SavedOutbox } from './outbox.ts';
import type { PositionCheck } from './position-check.ts';
import type { Quarantine, SavedQuarantine } from './quarantine.ts';
import type { Stream } from './stream.ts';

/** Grows when a snapshot's outer shape changes; the inner ones are compared field by field. */
export const SNAPSHOT_LAYOUT = 3;

export type SessionParts = {
  readonly engine: Engine;
  readonly outbox: Outbox;
  readonly privateStream: Stream;
  readonly publicStream: Stream;
  readonly catchUp: CatchUp;
  readonly executions: Executions;
  readonly links: LinkBook;
  readonly feed: EngineFeed;
  readonly position: PositionCheck;
  readonly quarantine: Quarantine;
};

export type SavedFields = {
  readonly failed: boolean;
  readonly runs: number;
  readonly timerMs: number;
};

/** All that decides what a session does next, as JSON can hold it. */
export type SavedSession = {
  readonly fields: SavedFields;
  readonly engine: Frozen;
  readonly outbox: SavedOutbox;
  readonly privateStream: Frozen;
  readonly publicStream: Frozen;
  readonly catchUp: Frozen;
  readonly executions: SavedExecutions;
  readonly links: readonly SavedLink[];
  readonly feed: Frozen;
  readonly position: Frozen;
  readonly quarantine: SavedQuarantine;
};

export function saveSession(parts: SessionParts, fields: SavedFields): SavedSession {
  return {
    fields,
    engine: freeze(parts.engine),
    outbox: parts.outbox.save(),
    privateStream: freeze(parts.privateStream),
    publicStream: freeze(parts.publicStream),
    catchUp: freeze(parts.catchUp),
    executions: parts.executions.save(),
    links: parts.links.save(),
    feed: freeze(parts.feed),
    position: freeze(parts.position),
    quarantine: parts.quarantine.save(),
  };
}

/** Undefined, or what is not of the shape that this program has. */
export function loadSession(parts: SessionParts, saved: SavedSession): string | undefined {
  const wrong =
    thaw(parts.engine, saved.engine, 'engine') ??
    thaw(parts.privateStream, saved.privateStream, 'privateStream') ??
    thaw(parts.publicStream, saved.publicStream, 'publicStream') ??
    thaw(parts.catchUp, saved.catchUp, 'catchUp') ??
    thaw(parts.feed, saved.feed, 'feed') ??
    thaw(parts.position, saved.position, 'position');
  if (wrong !== undefined) return wrong;
  parts.outbox.load(saved.outbox);
  parts.executions.load(saved.executions);
  parts.links.load(saved.links);
  parts.quarantine.load(saved.quarantine);
  return undefined;
}
