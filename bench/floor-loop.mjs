/**
 * The floor: what no engine could beat. The hand loop's two prices, but with an index made for this
 * one job: lowest low and highest high of ten candles, of an hour, and of runs of 8, 64 ... hours, and
 * beside the hours' the least ATR in force. What is left of a fill is finding its candle and
 * booking two numbers.
 */
import { makeHandAccount } from './hand-account.mjs';

const HOUR = 60;
const TEN = 10;
const BITS = 3;

export const makeFloorLoop = (job) => makeHandAccount(job, indexed(job));

function indexed({ tape: { low, high, open, count }, atr }) {
  const hours = count / HOUR;
  const tenLow = extremes(low, TEN, Math.min);
  const tenHigh = extremes(high, TEN, Math.max);
  const { starts, runLow, runHigh, runAtr } = runsOfHours(tenLow, tenHigh, atr, hours);
  const top = starts.length - 1;

  function entryRow(from, anchor, multiplier) {
    let hour = Math.floor(from / HOUR) | 0;
    if (from !== HOUR * hour) {
      const end = HOUR * (hour + 1);
      const row = firstBelow(from, end, Math.floor(anchor - multiplier * atr[hour]) | 0);
      if (row < end) return row;
      hour += 1;
    }
    let level = 0;
    while (hour < hours) {
      const run = starts[level] + (hour >> (BITS * level));
      if (runLow[run] < anchor - multiplier * runAtr[run]) {
        if (level > 0) {
          level -= 1;
          continue;
        }
        const opening = (HOUR * hour) | 0;
        if (open[opening] < Math.floor(anchor - multiplier * atr[hour - 1])) return opening;
        const end = opening + HOUR;
        const row = firstBelow(opening, end, Math.floor(anchor - multiplier * atr[hour]) | 0);
        if (row < end) return row;
      }
      hour += 1 << (BITS * level);
      while (level < top && (hour & ((1 << (BITS * (level + 1))) - 1)) === 0) level += 1;
    }
    return count;
  }

  function firstBelow(from, end, level) {
    let row = from;
    while (row < end) {
      const ten = Math.floor(row / TEN) | 0;
      if (row === TEN * ten && tenLow[ten] >= level) {
        row += TEN;
        continue;
      }
      for (const edge = TEN * ten + TEN; row < edge; row += 1) if (low[row] < level) return row;
    }
    return end;
  }

  function exitRow(from, level) {
    const edge = Math.ceil(from / HOUR) * HOUR;
    const row = firstAbove(from, edge, level);
    if (row < edge) return row;
    let hour = (edge / HOUR) | 0;
    let at = 0;
    while (hour < hours) {
      if (runHigh[starts[at] + (hour >> (BITS * at))] >= level) {
        if (at === 0) return firstAbove(HOUR * hour, HOUR * hour + HOUR, level);
        at -= 1;
        continue;
      }
      hour += 1 << (BITS * at);
      while (at < top && (hour & ((1 << (BITS * (at + 1))) - 1)) === 0) at += 1;
    }
    return count;
  }

  function firstAbove(from, end, level) {
    let row = from;
    while (row < end) {
      const ten = Math.floor(row / TEN) | 0;
      if (row === TEN * ten && tenHigh[ten] < level) {
        row += TEN;
        continue;
      }
      for (const edge = TEN * ten + TEN; row < edge; row += 1) if (high[row] >= level) return row;
    }
    return end;
  }

  return { entryRow, exitRow };
}

/** The extreme of each run of `size` cells. */
function extremes(column, size, better) {
  const runs = Math.ceil(column.length / size);
  return Int32Array.from({ length: runs }, (_, run) =>
    column.subarray(run * size, (run + 1) * size).reduce((a, b) => better(a, b)),
  );
}

/** Runs of 1, 8, 64 ... hours, one level after the other. An hour's open meets the ATR before. */
function runsOfHours(tenLow, tenHigh, atr, hours) {
  const starts = [];
  const lows = [];
  const highs = [];
  const atrs = [];
  let low = extremes(tenLow, HOUR / TEN, Math.min);
  let high = extremes(tenHigh, HOUR / TEN, Math.max);
  let least = Array.from({ length: hours }, (_, hour) =>
    // Before the first ATR nothing is met; after it, the smaller one is met first.
    Math.min(atr[hour - 1] || Infinity, atr[hour] || Infinity),
  );
  for (;;) {
    starts.push(lows.length);
    lows.push(...low);
    highs.push(...high);
    atrs.push(...least);
    if (low.length === 1) break;
    low = extremes(low, 1 << BITS, Math.min);
    high = extremes(high, 1 << BITS, Math.max);
    least = Array.from({ length: low.length }, (_, run) =>
      Math.min(...least.slice(run << BITS, (run + 1) << BITS)),
    );
  }
  return {
    starts: Int32Array.from(starts),
    runLow: Int32Array.from(lows),
    runHigh: Int32Array.from(highs),
    runAtr: Float64Array.from(atrs),
  };
}
