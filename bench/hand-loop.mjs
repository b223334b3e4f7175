/**
 * What a good engineer would write for this one job and no other: it looks at every candle, with one
 * comparison each: a flat account waits for a low, a position for a high. No index. `tenAtATime` is
 * tuned as far as it goes; bench/hand-loop.c is the same in C. `oneAtATime` is how one would write it
 * first.
 */
import { makeHandAccount } from './hand-account.mjs';

const HOUR = 60;

export const makeHandLoop = (job) => makeHandAccount(job, tenAtATime(job));
export const makePlainLoop = (job) => makeHandAccount(job, oneAtATime(job));

function oneAtATime({ tape: { low, high, open, count }, atr }) {
  function entryRow(from, anchor, multiplier) {
    let level = Math.floor(anchor - multiplier * atr[Math.floor(from / HOUR)]);
    for (let row = from; row < count; row += 1) {
      if (row % HOUR === 0) {
        const before = Math.floor(anchor - multiplier * atr[row / HOUR - 1]);
        // The hour's open meets the price of the hour before.
        if (open[row] < before) return row;
        level = Math.floor(anchor - multiplier * atr[row / HOUR]);
      }
      if (low[row] < level) return row;
    }
    return count;
  }

  function exitRow(from, level) {
    let row = from;
    while (row < count && high[row] < level) row += 1;
    return row;
  }

  return { entryRow, exitRow };
}

function tenAtATime({ tape: { low, high, open, count }, atr }) {
  const hours = count / HOUR;

  function entryRow(from, anchor, multiplier) {
    const next = Math.ceil(from / HOUR) | 0;
    const level = Math.floor(anchor - multiplier * atr[Math.floor(from / HOUR)]) | 0;
    const row = firstBelow(from, HOUR * next, level);
    if (row < HOUR * next) return row;
    const hour = entryHour(next, anchor, multiplier);
    const opening = HOUR * hour;
    if (hour === hours) return opening;
    const before = Math.floor(anchor - multiplier * atr[hour - 1]) | 0;
    if (open[opening] < before) return opening;
    return firstBelow(opening, opening + HOUR, Math.floor(anchor - multiplier * atr[hour]) | 0);
  }

  /**
   * The first hour from `from` on in which the entry fills, else `hours`. An hour's open meets the
   * price of the hour before, the rest of the hour the one that follows its ATR. Ten candles a turn:
   * the sign of a difference says what a comparison would, and ten signs share one branch. Where
   * `hour` is raised matters: at the end of the loop V8 makes it a third slower.
   */
  function entryHour(from, base, scale) {
    let level = Math.floor(base - scale * atr[from - 1]) | 0;
    let hour = from;
    let row = (HOUR * from) | 0;
    while (row < count) {
      const before = level;
      level = Math.floor(base - scale * atr[hour]) | 0;
      hour += 1;
      // The low is at hand anyway, and an open below the price is rare.
      if (low[row] < before && open[row] < before) return hour - 1;
      for (let done = 0; done < HOUR; done += 10) {
        const signs =
          (low[row] - level) |
          (low[row + 1] - level) |
          (low[row + 2] - level) |
          (low[row + 3] - level) |
          (low[row + 4] - level) |
          (low[row + 5] - level) |
          (low[row + 6] - level) |
          (low[row + 7] - level) |
          (low[row + 8] - level) |
          (low[row + 9] - level);
        if (signs < 0) return hour - 1;
        row = (row + 10) | 0;
      }
    }
    return hours;
  }

  function firstBelow(from, end, level) {
    let row = from;
    while (row < end && low[row] >= level) row += 1;
    return row;
  }

  /** The row of the candle that fills the exit, else `count`. */
  function exitRow(from, level) {
    let row = from | 0;
    for (const last = count - 9; row < last; row += 10) {
      const signs =
        (high[row] - level) &
        (high[row + 1] - level) &
        (high[row + 2] - level) &
        (high[row + 3] - level) &
        (high[row + 4] - level) &
        (high[row + 5] - level) &
        (high[row + 6] - level) &
        (high[row + 7] - level) &
        (high[row + 8] - level) &
        (high[row + 9] - level);
      if (signs >= 0) break;
    }
    while (row < count && high[row] < level) row += 1;
    return row;
  }

  return { entryRow, exitRow };
}
