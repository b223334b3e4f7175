/** What the candle chart draws from: unpacked candles, fills, level lines and reasons. */
export const CANDLE_MODEL_SCRIPT = String.raw`
function unpackCandles(level, tick) {
  var next = varints(level.bytes),
    n = level.count;
  var out = {
    ms: level.ms,
    spans: level.spans,
    t: new Float64Array(n),
    o: new Float64Array(n),
    h: new Float64Array(n),
    l: new Float64Array(n),
    c: new Float64Array(n)
  };
  var bucket = 0,
    close = 0;
  for (var i = 0; i < n; i++) {
    bucket += next();
    var open = close + next();
    close = open + next();
    out.t[i] = bucket * level.ms;
    out.o[i] = open * tick;
    out.c[i] = close * tick;
    out.h[i] = (Math.max(open, close) + next()) * tick;
    out.l[i] = (Math.min(open, close) - next()) * tick;
  }
  return out;
}

function unpackFills(packed, input) {
  var next = varints(packed.bytes),
    tick = input.pyramid.tickSize,
    n = packed.shown;
  var fills = { t: new Float64Array(n), price: new Float64Array(n), items: [] },
    time = 0,
    price = 0;
  for (var i = 0; i < n; i++) {
    time += next();
    price += next();
    fills.t[i] = time;
    fills.price[i] = price * tick;
    fills.items.push({
      qty: next() * input.qtyStep,
      buy: next() === 1,
      role: packed.roles[next()],
      maker: next() === 1,
      slot: next()
    });
  }
  return fills;
}

/** One step line per slot and kind of order: from t[i] on the price is price[i], 0 = none. */
function unpackLevels(packed, tick) {
  var next = varints(packed.bytes),
    lines = [],
    time = 0;
  for (var i = 0; i < packed.shown; i++) {
    time += next();
    var index = next(),
      price = next();
    var line =
      lines[index] ||
      (lines[index] = { slot: Math.floor(index / 3), kind: index % 3, t: [], price: [] });
    line.t.push(time);
    line.price.push(price === 0 ? NaN : (price - 1) * tick);
  }
  return lines.filter(Boolean);
}

function unpackReasons(packed) {
  var next = varints(packed.bytes),
    slots = [],
    time = 0;
  for (var i = 0; i < packed.shown; i++) {
    time += next();
    var length = next(),
      slot = next(),
      reason = packed.texts[next()];
    var list = slots[slot] || (slots[slot] = { slot: slot, t: [], until: [], reason: [] });
    list.t.push(time);
    list.until.push(time + length);
    list.reason.push(reason);
  }
  return slots.filter(Boolean);
}

/** The reason of every slot at an instant, equal ones together. */
function reasonsAt(slots, time) {
  var groups = new Map();
  slots.forEach(function (list) {
    var at = lowerBound(list.t, time + 1) - 1;
    if (at < 0 || list.until[at] <= time) return;
    var text = list.reason[at][1];
    groups.set(text, (groups.get(text) || []).concat(list.slot));
  });
  return Array.from(groups, function (entry) {
    return 'slot ' + entry[1].join(', ') + ': ' + entry[0];
  });
}

/**
 * What to draw of a window: the finest candles that leave each some pixels, where they are kept,
 * and coarser ones in between. Coarser pieces come first, so that finer ones lie on top.
 */
function piecesFor(levels, index, from, until, width) {
  var level = levels[index],
    tooFine = (until - from) / level.ms > width / 2.5;
  if (index > 0 && tooFine) return piecesFor(levels, index - 1, from, until, width);
  var fine = [],
    coarse = [],
    at = from;
  function between(until) {
    if (index > 0 && until - at > level.ms)
      coarse = coarse.concat(partsBelow(levels, index - 1, at, until));
  }
  level.spans.forEach(function (span) {
    if (span[1] <= from || span[0] >= until) return;
    between(Math.min(span[0], until));
    fine.push(pieceOf(level, Math.max(span[0], from), Math.min(span[1], until)));
    at = span[1];
  });
  between(until);
  return coarse.concat(fine);
}

function partsBelow(levels, index, from, until) {
  return piecesFor(levels, index, from, until, Infinity);
}

function pieceOf(level, from, until) {
  return {
    level: level,
    first: Math.max(0, lowerBound(level.t, from - level.ms + 1)),
    last: lowerBound(level.t, until)
  };
}
`;
