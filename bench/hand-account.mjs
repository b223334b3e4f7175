/**
 * What the hand-specialised programs have in common: one account of atr-grid with one long level,
 * resting entry and exit, anchor last-fill, under `ideal`. No engine, no orders, no messages: two
 * prices. They differ in how they find the next candle that fills something (`search`).
 *
 * Under `ideal` a limit fills one tick beyond its price, and an entry that is amended at the open of
 * an hour to a price above that open takes at once (docs/simulation.md, 6).
 */
const MINUTE = 60_000;
/** Candles of an hour, the ATR's interval. */
const HOUR = 60;
/** Waypoints of a candle, in ms from its open (docs/simulation.md, 2). */
const FIRST = 20_000;
const SECOND = 40_000;
const LAST = 59_999;
const MOST_FILLS = 65_536;

/**
 * `job`: bench/hand-job.mjs. `search`: entryRow(from, anchor, multiplier) and exitRow(from, level)
 * answer the row of the next candle that fills, else the tape's count. Call it once a process: the
 * columns of a closure that was made once are constants to V8, which makes the loop a third faster
 * than columns that are passed in.
 */
export function makeHandAccount({ tape, atr, firstHour, fees }, search) {
  const { low, high, open, close, count } = tape;
  const { entryRow, exitRow } = search;
  const startMs = tape.openTimeMs[0];
  /** Fills of the last run: a buy, a sell, a buy ... , all of one quantity. */
  const timeMs = new Float64Array(MOST_FILLS);
  const price = new Int32Array(MOST_FILLS);
  const fee = new Float64Array(MOST_FILLS);
  let filled = 0;
  let multiplier = 0;
  let takeProfit = 0;
  let flat = true;
  let anchor = 0;
  /** Limits of the resting entry and of the resting exit. */
  let entry = 0;
  let exit = 0;

  /** One point; returns the number of its fills. */
  function run(spacing, profit) {
    multiplier = spacing;
    takeProfit = profit;
    flat = true;
    filled = 0;
    let row = HOUR * firstHour;
    anchor = close[row - 1];
    for (;;) {
      row = flat ? entryRow(row, anchor, multiplier) : exitRow(row, (exit + 1) | 0);
      if (row >= count) return filled;
      walkCandle(row);
      row += 1;
    }
  }

  /** At most one fill at the open, and one in each of the three segments. */
  function walkCandle(row) {
    const t0 = startMs + MINUTE * row;
    const hour = Math.floor(row / HOUR) | 0;
    meetOpen(t0, open[row], row, hour);
    if (close[row] >= open[row]) {
      fall(t0, open[row], t0 + FIRST, low[row], hour);
      rise(t0 + FIRST, low[row], t0 + SECOND, high[row], hour);
      fall(t0 + SECOND, high[row], t0 + LAST, close[row], hour);
    } else {
      rise(t0, open[row], t0 + FIRST, high[row], hour);
      fall(t0 + FIRST, high[row], t0 + SECOND, low[row], hour);
      rise(t0 + SECOND, low[row], t0 + LAST, close[row], hour);
    }
  }

  /** Fills of an hour's first ms come before its ATR is known. */
  function meetOpen(ms, ticks, row, hour) {
    const opensHour = row === HOUR * hour;
    if (flat) entry = entryAt(opensHour ? hour - 1 : hour);
    if (!flat) {
      if (ticks > exit) sell(ms, hour);
    } else if (ticks < entry) buy(ms, entry, fees.maker, opensHour ? hour - 1 : hour);
    if (!opensHour || !flat) return;
    entry = entryAt(hour);
    if (entry > ticks) buy(ms, ticks + 1, fees.taker, hour);
  }

  function fall(fromMs, from, toMs, to, hour) {
    if (!flat || to >= entry) return;
    buy(crossing(fromMs, from, toMs, to, entry - 1), entry, fees.maker, hour);
  }

  function rise(fromMs, from, toMs, to, hour) {
    if (flat || to <= exit) return;
    sell(crossing(fromMs, from, toMs, to, exit + 1), hour);
  }

  function buy(ms, ticks, rate, hour) {
    book(ms, ticks, rate);
    flat = false;
    exit = Math.ceil(ticks + takeProfit * atr[hour]) | 0;
  }

  function sell(ms, hour) {
    book(ms, exit, fees.maker);
    flat = true;
    anchor = exit;
    entry = entryAt(hour);
  }

  function entryAt(hour) {
    return Math.floor(anchor - multiplier * atr[hour]) | 0;
  }

  function book(ms, ticks, rate) {
    timeMs[filled] = ms;
    price[filled] = ticks;
    fee[filled] = feeOf(rate, ticks);
    filled += 1;
  }

  return { run, timeMs, price, fee };
}

function crossing(fromMs, from, toMs, to, level) {
  return fromMs + Math.ceil(((level - from) * (toMs - fromMs)) / (to - from));
}

/** num / (den x price), rounded half up: an inverse instrument's fee in money units. */
function feeOf({ num, den }, price) {
  const by = den * price;
  const whole = Math.floor(num / by);
  return 2 * (num - whole * by) >= by ? whole + 1 : whole;
}
