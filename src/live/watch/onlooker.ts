import type { Effect, Input } from '../session/protocol.ts';
import type { LiveLog } from '../shell/live-log.ts';
import type { LiveStatus } from '../shell/status.ts';

/** Somebody who looks on: told what happens, never asked, and never in the way. */
export interface Onlooker {
  acted?(input: Input, effects: readonly Effect[]): void;
  /** About once a second, and a last time at the end. */
  looked?(status: LiveStatus): void;
}

/** Whatever an onlooker throws is its own affair: it is said once, and trading goes on. */
export function guarded(onlooker: Onlooker, log: LiveLog): Onlooker {
  let isSaid = false;
  const tell = (step: () => void): void => {
    try {
      step();
    } catch (error) {
      if (isSaid) return;
      isSaid = true;
      log.warn({ why: error instanceof Error ? error.message : 'unknown' }, 'an onlooker failed');
    }
  };
  return {
    acted: (input, effects) => tell(() => onlooker.acted?.(input, effects)),
    looked: (status) => tell(() => onlooker.looked?.(status)),
  };
}
