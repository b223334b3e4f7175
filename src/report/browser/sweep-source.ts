/**
 * What the panels draw from: the points themselves, or, of a sweep too large for that, what was
 * gathered from all of them beforehand. Both answer the same questions.
 */
export const SWEEP_SOURCE_SCRIPT = String.raw`
function pointSource(sweep) {
  var all = passing(sweep.count, []);
  return {
    filters: true,
    cells: function (xParam, yParam, metric, how, filters) {
      var x = cellAxisOf(xParam),
        y = yParam && cellAxisOf(yParam);
      var ids = filters.length > 0 ? passing(sweep.count, filters) : all;
      return { x: x, y: y, cells: cellsOf(x, y, metric, ids, how) };
    },
    bins: function (metric) {
      return binsOf(metric.column, all, 48);
    },
    scatter: function (metric) {
      return sampleByRank(
        all.filter(function (id) {
          return Number.isFinite(metric.column[id]);
        }),
        metric
      );
    },
    param: paramValue,
    value: function (metric, id) {
      return metric.column[id];
    }
  };
}

/** The best fifth, and an even sample of the others: more marks would only cover each other. */
function sampleByRank(known, metric) {
  var sign = signOf(metric);
  known.sort(function (a, b) {
    return sign * (metric.column[b] - metric.column[a]) || a - b;
  });
  var top = known.slice(0, SCATTER_POINTS / 5),
    rest = known.slice(top.length);
  var every = Math.max(1, Math.ceil(rest.length / (SCATTER_POINTS - top.length)));
  return rest
    .filter(function (id, index) {
      return index % every === 0;
    })
    .reverse()
    .concat(top.reverse());
}

/** Cells are unpacked when they are first looked at: a page holds far more than is ever drawn. */
function unpackAggregate(input) {
  var aggregate = input.aggregate,
    ids = uint24s(aggregate.fullIds),
    rows = new Map();
  ids.forEach(function (id, row) {
    rows.set(id, row);
  });
  input.moving = aggregate.axes.map(function (axis) {
    return { name: axis.name, values: axis.values || [], axis: axis, number: axis.values === null };
  });
  var places = new Map(
    input.moving.map(function (param, at) {
      return [param, at];
    })
  );
  function full(metric) {
    if (!metric.rows) metric.rows = float32s(metric.aggregate.full);
    return metric.rows;
  }
  function mapOf(x, y) {
    var at = aggregate.pairs.findIndex(function (pair) {
      return (pair.x === x && pair.y === y) || (pair.x === y && pair.y === x);
    });
    return { at: at, turned: aggregate.pairs[at].x !== x };
  }
  input.source = {
    filters: false,
    cells: function (xParam, yParam, metric, how) {
      var xAt = places.get(xParam),
        x = drawnAxis(xParam);
      if (!yParam) {
        return {
          x: x,
          y: null,
          cells: gathered(metric.aggregate.lines[xAt], aggregate.axes[xAt].points, metric, how, function (cell) {
            return { xi: cell, yi: 0, x: x.labels[cell], y: '' };
          })
        };
      }
      var y = drawnAxis(yParam),
        map = mapOf(xAt, places.get(yParam)),
        across = (map.turned ? y : x).labels.length;
      return {
        x: x,
        y: y,
        cells: gathered(metric.aggregate.maps[map.at], aggregate.pairs[map.at].points, metric, how, function (cell) {
          var first = cell % across,
            second = Math.floor(cell / across);
          var xi = map.turned ? second : first,
            yi = map.turned ? first : second;
          return { xi: xi, yi: yi, x: x.labels[xi], y: y.labels[yi] };
        })
      };
    },
    bins: function (metric) {
      var bins = metric.aggregate.bins;
      return bins.counts.map(function (n, at) {
        return { from: bins.low + at * bins.width, to: bins.low + (at + 1) * bins.width, n: n };
      });
    },
    scatter: function (metric) {
      return Array.from(ids)
        .filter(function (id) {
          return Number.isFinite(full(metric)[rows.get(id)]);
        })
        .reverse();
    },
    param: function (param, id) {
      if (rows.has(id)) return aggregate.fullParams[param.name][rows.get(id)];
      if (param.number || param.code) return paramValue(param, id);
      return param.values[0];
    },
    value: function (metric, id) {
      return rows.has(id) ? full(metric)[rows.get(id)] : undefined;
    },
    inFull: function (id) {
      return rows.has(id);
    }
  };
  return input;
}

function drawnAxis(param) {
  return { param: param, labels: param.axis.labels, binned: param.axis.values === null };
}

function gathered(packed, packedPoints, metric, how, placeOf) {
  var values = float24s(packed[how]),
    ids = uint24s(packed[how === 'mean' ? 'bestId' : how + 'Id']),
    points = uint24s(packedPoints),
    cells = [];
  points.forEach(function (n, cell) {
    if (n === 0) return;
    var value = Number.isNaN(values[cell]) ? null : values[cell];
    cells.push(
      Object.assign(placeOf(cell), {
        v: value,
        id: ids[cell],
        n: n,
        text: formatMetric(value, metric)
      })
    );
  });
  return cells;
}
`;
