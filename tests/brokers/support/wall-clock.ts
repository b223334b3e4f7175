import type { FeedClock } from '../../../src/brokers/candle-feed.ts';

/** This machine's time, plainly. */
export const wallClock: FeedClock = {
  nowMs: () => Date.now(),
  timer: () => {
    let handle: NodeJS.Timeout | undefined;
    return {
      wakeAt: (atMs, then) => {
        clearTimeout(handle);
        if (atMs !== Infinity) handle = setTimeout(then, Math.max(0, atMs - Date.now()));
      },
    };
  },
};
