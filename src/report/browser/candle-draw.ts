/** Paints a window of the market on a canvas. */
export const CANDLE_DRAW_SCRIPT = String.raw`
var TIME_STEPS = [
  60e3, 300e3, 900e3, 3600e3, 10800e3, 21600e3, 43200e3, 86400e3, 172800e3, 604800e3, 1209600e3,
  2592000e3, 5184000e3, 7776000e3
];

function paintCandles(canvas, model, view) {
  var box = canvas.getBoundingClientRect(),
    ratio = window.devicePixelRatio || 1;
  if (box.width < 50) return null;
  canvas.width = Math.round(box.width * ratio);
  canvas.height = Math.round(box.height * ratio);
  var g = canvas.getContext('2d');
  g.setTransform(ratio, 0, 0, ratio, 0, 0);
  g.font = '11.5px ui-sans-serif, system-ui, sans-serif';
  var frame = {
    width: box.width - model.axisWidth,
    height: box.height - 24,
    from: view.from,
    until: view.until
  };
  frame.pieces = piecesFor(
    model.candles,
    model.candles.length - 1,
    view.from,
    view.until,
    frame.width
  );
  priceRange(frame);
  frame.x = function (t) {
    return ((t - view.from) / (view.until - view.from)) * frame.width;
  };
  frame.y = function (p) {
    return ((frame.high - p) / (frame.high - frame.low)) * frame.height;
  };
  paintGrid(g, frame, model);
  g.save();
  g.beginPath();
  g.rect(0, 0, frame.width, frame.height);
  g.clip();
  var changes = paintLevels(g, frame, model, view);
  frame.pieces.forEach(function (piece) {
    paintBodies(g, frame, piece.level, piece.first, piece.last);
  });
  if (view.until - view.from < model.connectBelow) paintTrades(g, frame, model, view);
  var fills = paintFills(g, frame, model, view);
  g.restore();
  var candles = frame.pieces.reduce(function (sum, piece) {
    return sum + piece.last - piece.first;
  }, 0);
  var finest = frame.pieces.reduce(function (ms, piece) {
    return Math.min(ms, piece.level.ms);
  }, Infinity);
  Object.assign(canvas.dataset, {
    resolution: String(finest),
    candles: String(candles),
    fills: String(fills),
    levels: String(changes),
    from: String(view.from),
    until: String(view.until)
  });
  return frame;
}

function priceRange(frame) {
  var low = Infinity,
    high = -Infinity;
  frame.pieces.forEach(function (piece) {
    for (var i = piece.first; i < piece.last; i++) {
      low = Math.min(low, piece.level.l[i]);
      high = Math.max(high, piece.level.h[i]);
    }
  });
  if (!(high >= low)) {
    low = 0;
    high = 1;
  }
  var room = (high - low) * 0.08 || Math.abs(high) * 0.01 || 1;
  frame.low = low - room;
  frame.high = high + room;
}

function niceStep(range, count) {
  var raw = range / count,
    power = Math.pow(10, Math.floor(Math.log10(raw))),
    share = raw / power;
  return (share < 1.5 ? 1 : share < 3 ? 2 : share < 7 ? 5 : 10) * power;
}

function paintGrid(g, frame, model) {
  g.strokeStyle = colour('faint');
  g.fillStyle = colour('soft');
  g.lineWidth = 1;
  var step = niceStep(frame.high - frame.low, frame.height / 64);
  var digits = Math.max(0, Math.min(model.priceDigits, -Math.floor(Math.log10(step) + 1e-9)));
  g.textAlign = 'left';
  g.textBaseline = 'middle';
  for (var p = Math.ceil(frame.low / step) * step; p < frame.high; p += step) {
    line(g, 0, frame.y(p), frame.width, frame.y(p));
    g.fillText(formatNumber(p, digits), frame.width + 8, frame.y(p));
  }
  var span = frame.until - frame.from;
  var most = Math.max(3, Math.floor(frame.width / 110));
  var pace =
    TIME_STEPS.find(function (ms) {
      return span / ms <= most;
    }) || 7776000e3 * 2;
  g.textAlign = 'center';
  g.textBaseline = 'top';
  for (var t = Math.ceil(frame.from / pace) * pace; t < frame.until; t += pace) {
    var x = frame.x(t);
    line(g, x, 0, x, frame.height);
    if (x > 34 && x < frame.width - 34) g.fillText(timeLabel(t, pace, span), x, frame.height + 7);
  }
  g.strokeStyle = colour('line');
  line(g, 0, frame.height, frame.width, frame.height);
}

function timeLabel(t, pace, span) {
  var iso = new Date(t).toISOString();
  if (pace >= 86400e3) return iso.slice(0, 10);
  return iso.slice(11, 16) === '00:00' || span > 3 * 86400e3
    ? iso.slice(5, 16).replace('T', ' ')
    : iso.slice(11, 16);
}

function line(g, x1, y1, x2, y2) {
  g.beginPath();
  g.moveTo(x1, y1);
  g.lineTo(x2, y2);
  g.stroke();
}

function paintBodies(g, frame, level, first, last) {
  var slot = (level.ms / (frame.until - frame.from)) * frame.width;
  var body = Math.max(1, Math.min(slot * 0.7, 14));
  [
    ['profit', true],
    ['loss', false]
  ].forEach(function (side) {
    g.fillStyle = g.strokeStyle = colour(side[0]);
    g.lineWidth = slot > 3 ? 1 : Math.max(0.7, slot * 0.7);
    g.globalAlpha = slot > 3 ? 0.95 : 0.7;
    g.beginPath();
    for (var i = first; i < last; i++) {
      if (level.c[i] >= level.o[i] !== side[1]) continue;
      var x = frame.x(level.t[i] + level.ms / 2);
      g.moveTo(x, frame.y(level.h[i]));
      g.lineTo(x, frame.y(level.l[i]));
      if (slot <= 3) continue;
      var top = frame.y(Math.max(level.o[i], level.c[i]));
      var size = Math.max(1, frame.y(Math.min(level.o[i], level.c[i])) - top);
      g.fillRect(x - body / 2, top, body, size);
    }
    g.stroke();
  });
  g.globalAlpha = 1;
}

/** Step lines of what was working; changes within one pixel are drawn once. */
function paintLevels(g, frame, model, view) {
  var span = view.until - view.from,
    changes = 0;
  var colours = [colour('accent'), colour('profit'), colour('loss')];
  g.lineWidth = 1;
  model.levels.forEach(function (steps) {
    var start = Math.max(0, lowerBound(steps.t, view.from) - 1),
      end = lowerBound(steps.t, view.until);
    g.strokeStyle = colours[steps.kind];
    g.globalAlpha = end - start > frame.width / 3 ? 0.3 : 0.75;
    g.setLineDash(end - start > frame.width / 3 ? [] : [5, 3]);
    g.beginPath();
    var lastX = -Infinity,
      penY = NaN;
    for (var i = start; i < end; i++) {
      var x = frame.x(Math.max(steps.t[i], view.from));
      var until =
        i + 1 < steps.t.length
          ? Math.min(steps.t[i + 1], view.until)
          : Math.min(model.until, view.until);
      changes++;
      if (frame.x(until) - lastX < 1 && i + 1 < end) continue;
      if (Number.isNaN(steps.price[i])) {
        penY = NaN;
        continue;
      }
      var y = frame.y(steps.price[i]);
      if (Number.isNaN(penY)) g.moveTo(x, y);
      else g.lineTo(x, y);
      g.lineTo(frame.x(until), y);
      penY = y;
      lastX = frame.x(until);
    }
    g.stroke();
  });
  g.setLineDash([]);
  g.globalAlpha = 1;
  return span > 0 ? changes : 0;
}

function paintTrades(g, frame, model, view) {
  g.lineWidth = 1.3;
  g.setLineDash([2, 3]);
  model.trades.forEach(function (trade) {
    if (trade[1] < view.from || trade[0] > view.until) return;
    g.strokeStyle = colour(trade[4] ? 'profit' : 'loss');
    line(g, frame.x(trade[0]), frame.y(trade[2]), frame.x(trade[1]), frame.y(trade[3]));
  });
  g.setLineDash([]);
}

function paintFills(g, frame, model, view) {
  var fills = model.fills,
    first = lowerBound(fills.t, view.from),
    last = lowerBound(fills.t, view.until);
  // Where marks would cover each other, dots say where the trading was.
  var crowded = last - first > frame.width / 4,
    size = last - first > frame.width / 12 ? 4.5 : 6;
  var taken = new Set(),
    shown = 0;
  for (var i = first; i < last; i++) {
    var fill = fills.items[i],
      x = frame.x(fills.t[i]),
      y = frame.y(fills.price[i]);
    var cell = Math.round(x / 2) + ':' + Math.round(y / 2) + fill.buy;
    if (taken.has(cell)) continue;
    taken.add(cell);
    shown++;
    if (crowded) dot(g, x, y, fill);
    else marker(g, x, y, size, fill);
  }
  g.globalAlpha = 1;
  return shown;
}

function dot(g, x, y, fill) {
  g.globalAlpha = 0.6;
  g.fillStyle = colour(fill.buy ? 'accent' : 'second');
  g.beginPath();
  g.arc(x, y, 1.8, 0, 7);
  g.fill();
}

function marker(g, x, y, size, fill) {
  g.strokeStyle = g.fillStyle = colour('ink');
  g.lineWidth = 1.4;
  if (fill.role === 'stop' || fill.role === 'liquidation' || fill.role === 'timeout') {
    line(g, x - size, y - size, x + size, y + size);
    line(g, x - size, y + size, x + size, y - size);
    return;
  }
  var up = fill.buy ? 1 : -1;
  g.beginPath();
  g.moveTo(x, y);
  g.lineTo(x - size, y + up * size * 1.6);
  g.lineTo(x + size, y + up * size * 1.6);
  g.closePath();
  if (fill.role !== 'entry') g.fillStyle = colour('card');
  g.fill();
  g.stroke();
}
`;
