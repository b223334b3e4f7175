/** Zoom, pan, jump and read: everything a hand does to the candle chart. */
export const CANDLE_CONTROLS_SCRIPT = String.raw`
function candleChart(input) {
  var canvas = byId('candle-chart'),
    readout = byId('candle-readout'),
    pyramid = input.pyramid;
  var tick = pyramid.tickSize;
  var model = {
    candles: pyramid.levels.map(function (level) {
      return unpackCandles(level, tick);
    }),
    fills: unpackFills(input.fills, input),
    levels: unpackLevels(input.levels, tick),
    reasons: unpackReasons(input.reasons),
    trades: input.trades,
    priceDigits: pyramid.priceDigits,
    axisWidth: 74
  };
  var whole = model.candles[0].spans[0] || [0, 1],
    finest = model.candles[model.candles.length - 1].ms;
  model.from = whole[0];
  model.until = whole[1];
  model.connectBelow = (model.until - model.from) / Math.max(1, input.trades.length / 150);
  var view = { from: model.from, until: model.until },
    frame = null,
    asked = false;

  function draw() {
    if (asked) return;
    asked = true;
    requestAnimationFrame(function () {
      asked = false;
      frame = paintCandles(canvas, model, view);
      if (frame) readout.textContent = windowText(view, frame);
    });
  }
  function show(from, until) {
    var least = finest * 12,
      most = model.until - model.from;
    var span = Math.min(Math.max(until - from, Math.min(least, most)), most);
    var middle = (from + until) / 2;
    view.from = Math.min(Math.max(middle - span / 2, model.from), model.until - span);
    view.until = view.from + span;
    draw();
  }
  function zoom(factor, anchor) {
    var at = anchor === undefined ? (view.from + view.until) / 2 : anchor;
    show(at - (at - view.from) * factor, at + (view.until - at) * factor);
  }
  function pan(share) {
    var shift = (view.until - view.from) * share;
    show(view.from + shift, view.until + shift);
  }
  function showTrade(from, until) {
    var room = Math.max((until - from) * 0.6, finest * 45);
    show(from - room, until + room);
  }
  function jump(direction) {
    var middle = (view.from + view.until) / 2;
    var starts = input.trades.map(function (trade) {
      return (trade[0] + trade[1]) / 2;
    });
    var order = starts
      .map(function (at, index) {
        return index;
      })
      .filter(function (index) {
        return direction > 0 ? starts[index] > middle + 1 : starts[index] < middle - 1;
      })
      .sort(function (a, b) {
        return direction * (starts[a] - starts[b]);
      });
    var trade = input.trades[order[0]];
    if (view.until - view.from === model.until - model.from)
      trade = input.trades[direction > 0 ? 0 : input.trades.length - 1];
    if (trade) showTrade(trade[0], trade[1]);
  }
  function timeAt(event) {
    var x = event.clientX - canvas.getBoundingClientRect().left;
    return view.from + (x / frame.width) * (view.until - view.from);
  }

  canvas.addEventListener(
    'wheel',
    function (event) {
      if (!frame) return;
      event.preventDefault();
      if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) pan(event.deltaX / frame.width);
      else zoom(Math.exp(Math.max(-1, Math.min(1, event.deltaY / 240))), timeAt(event));
    },
    { passive: false }
  );
  dragging(canvas, {
    move: function (pixels) {
      if (frame) pan(-pixels / frame.width);
    },
    pinch: function (factor, event) {
      if (frame) zoom(factor, timeAt(event));
    },
    hover: function (event) {
      if (frame) readAt(timeAt(event));
    },
    leave: function () {
      if (frame) draw();
    }
  });
  canvas.addEventListener('dblclick', function () {
    show(model.from, model.until);
  });
  canvas.addEventListener('keydown', function (event) {
    var keys = {
      ArrowLeft: function () {
        pan(-0.2);
      },
      ArrowRight: function () {
        pan(0.2);
      },
      '+': function () {
        zoom(0.6);
      },
      '=': function () {
        zoom(0.6);
      },
      '-': function () {
        zoom(1.6);
      },
      0: function () {
        show(model.from, model.until);
      }
    };
    if (keys[event.key]) {
      event.preventDefault();
      keys[event.key]();
    }
  });
  function readAt(time) {
    var found = candleAt(frame.pieces, time),
      price = model.priceDigits;
    if (!found) return;
    var level = found.level,
      at = found.at;
    var parts = [
      formatTime(level.t[at]) +
        ' · ' +
        formatDuration(level.ms) +
        ' candle: open ' +
        formatNumber(level.o[at], price) +
        ', high ' +
        formatNumber(level.h[at], price) +
        ', low ' +
        formatNumber(level.l[at], price) +
        ', close ' +
        formatNumber(level.c[at], price) +
        ' ' +
        input.quote
    ];
    fillTexts(model, input, level.t[at], level.t[at] + level.ms).forEach(function (text) {
      parts.push(text);
    });
    reasonsAt(model.reasons, time)
      .slice(0, 6)
      .forEach(function (text) {
        parts.push(text);
      });
    readout.textContent = parts.join(' · ');
  }

  var actions = {
    in: function () {
      zoom(0.5);
    },
    out: function () {
      zoom(2);
    },
    all: function () {
      show(model.from, model.until);
    },
    before: function () {
      jump(-1);
    },
    next: function () {
      jump(1);
    }
  };
  document.querySelectorAll('[data-act]').forEach(function (button) {
    button.addEventListener('click', function () {
      actions[button.dataset.act]();
    });
  });
  document.querySelectorAll('tr.pick[data-from]').forEach(function (row) {
    row.addEventListener('click', function () {
      showTrade(Number(row.dataset.from), Number(row.dataset.to));
      byId('candles').scrollIntoView({ block: 'start' });
    });
  });
  redrawers.push(draw);
  new ResizeObserver(draw).observe(canvas);
  draw();
}

/** The finest drawn candle at an instant. */
function candleAt(pieces, time) {
  for (var i = pieces.length - 1; i >= 0; i--) {
    var level = pieces[i].level,
      at = lowerBound(level.t, time - level.ms + 1);
    if (at >= pieces[i].first && at < pieces[i].last && level.t[at] <= time)
      return { level: level, at: at };
  }
  return null;
}

function windowText(view, frame) {
  var sizes = Array.from(
    new Set(
      frame.pieces.map(function (piece) {
        return piece.level.ms;
      })
    )
  );
  sizes.sort(function (a, b) {
    return a - b;
  });
  return (
    formatTime(view.from) +
    ' to ' +
    formatTime(view.until) +
    ' · candles of ' +
    sizes.map(formatDuration).join(' and ')
  );
}

function fillTexts(model, input, from, until) {
  var first = lowerBound(model.fills.t, from),
    last = Math.min(lowerBound(model.fills.t, until), first + 4),
    texts = [];
  for (var i = first; i < last; i++) {
    var fill = model.fills.items[i];
    texts.push(
      (fill.buy ? 'bought ' : 'sold ') +
        formatNumber(fill.qty, input.qtyDigits) +
        ' ' +
        input.qtyUnit +
        ' at ' +
        formatNumber(model.fills.price[i], model.priceDigits) +
        ' (' +
        fill.role +
        (fill.maker ? ', maker' : ', taker') +
        (fill.slot >= 0 ? ', slot ' + fill.slot : '') +
        ')'
    );
  }
  return texts;
}

/** One pointer pans, two pinch, none reads. */
function dragging(canvas, act) {
  var held = new Map();
  function gap() {
    var xs = Array.from(held.values());
    return Math.abs(xs[0] - xs[1]) || 1;
  }
  canvas.addEventListener('pointerdown', function (event) {
    held.set(event.pointerId, event.clientX);
    canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener('pointermove', function (event) {
    if (!held.has(event.pointerId)) {
      act.hover(event);
      return;
    }
    var before = held.get(event.pointerId),
      wide = held.size === 2 ? gap() : 0;
    held.set(event.pointerId, event.clientX);
    if (held.size === 1) act.move(event.clientX - before);
    else if (held.size === 2) act.pinch(wide / gap(), event);
  });
  ['pointerup', 'pointercancel'].forEach(function (name) {
    canvas.addEventListener(name, function (event) {
      held.delete(event.pointerId);
    });
  });
  canvas.addEventListener('pointerleave', act.leave);
}
`;
