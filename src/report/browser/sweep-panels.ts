/** The sweep page's controls: what the reader chooses is what is drawn. */
export const SWEEP_PANELS_SCRIPT = String.raw`
var MAP_CELLS = 60,
  BINS = 24,
  FILTER_BINS = 6,
  SCATTER_POINTS = 2500;

function select(holder, label, options, chosen, changed) {
  var wrap = make('label', label),
    box = make('select');
  options.forEach(function (text, index) {
    var option = make('option', text);
    option.value = String(index);
    box.appendChild(option);
  });
  box.value = String(chosen);
  box.setAttribute('aria-label', label);
  box.addEventListener('change', function () {
    changed(Number(box.value));
  });
  wrap.appendChild(box);
  holder.appendChild(wrap);
  return box;
}

function cellAxisOf(param) {
  var many = param.number || param.values.length > MAP_CELLS;
  return axisOf(param, many ? BINS : MAP_CELLS);
}

function sweepPage(input) {
  var sweep = unpackSweep(input),
    waiting = [];
  var ranked = Math.max(
    0,
    sweep.metrics.findIndex(function (metric) {
      return metric.name === sweep.rankedBy;
    })
  );
  if (sweep.moving.length === 0) return Promise.resolve();
  if (sweep.moving.length > 1) waiting.push(mapPanel(sweep, ranked));
  waiting.push(linePanel(sweep, ranked));
  if (byId('scatter-chart')) waiting.push(scatterPanel(sweep, ranked));
  waiting.push(distributionPanel(sweep, ranked));
  document.querySelectorAll('tr.pick[data-point]').forEach(function (row) {
    row.addEventListener('click', function () {
      showPoint(sweep, Number(row.dataset.point));
    });
  });
  return Promise.all(waiting);
}

function labels(list) {
  return list.map(function (item) {
    return item.label || item.name;
  });
}

function mapPanel(sweep, ranked) {
  var state = { metric: ranked, x: 0, y: 1, how: 0, filters: {} };
  var hows = ['best', 'median', 'mean', 'worst'],
    controls = byId('map-controls');
  function build() {
    controls.textContent = '';
    select(controls, 'Metric', labels(sweep.metrics), state.metric, set('metric'));
    select(controls, 'Across', labels(sweep.moving), state.x, set('x'));
    select(controls, 'Up', labels(sweep.moving), state.y, set('y'));
    select(controls, 'Over the rest', hows, state.how, set('how'));
    sweep.moving.forEach(function (param, index) {
      if (!sweep.source.filters || index === state.x || index === state.y) return;
      var axis = axisOf(param, param.number ? FILTER_BINS : MAP_CELLS),
        chosen = state.filters[index];
      select(
        controls,
        param.name,
        ['any'].concat(axis.labels),
        chosen ? chosen.value + 1 : 0,
        function (at) {
          state.filters[index] = at === 0 ? undefined : { axis: axis, value: at - 1 };
          draw();
        }
      );
    });
  }
  function set(name) {
    return function (value) {
      var other = name === 'x' ? 'y' : name === 'y' ? 'x' : null;
      if (other && state[other] === value) state[other] = state[name];
      state[name] = value;
      if (other) {
        state.filters = {};
        build();
      }
      draw();
    };
  }
  function draw() {
    var x = sweep.moving[state.x],
      y = sweep.moving[state.y],
      metric = sweep.metrics[state.metric],
      filters = Object.values(state.filters).filter(Boolean);
    var map = sweep.source.cells(x, y, metric, hows[state.how], filters),
      plateau = sweep.source.cells(x, y, sweep.plateau, 'best', filters);
    var best = bestCell(plateau.cells, 1);
    return Promise.all([
      showChart(
        'map-chart',
        mapSpec(map.x, map.y, map.cells, metric, best, metric.label),
        optionsFor(map.cells, sweep, metric)
      ),
      showChart(
        'plateau-chart',
        mapSpec(map.x, map.y, plateau.cells, sweep.plateau, best, 'Plateau score: the worst neighbour'),
        optionsFor(plateau.cells, sweep, sweep.plateau)
      )
    ]);
  }
  build();
  return draw();
}

/** A click shows the point; what the page holds of it is at least what was clicked. */
function optionsFor(cells, sweep, metric) {
  return {
    renderer: cells.length > 1200 ? 'canvas' : 'svg',
    click: function (datum) {
      if (datum.id !== undefined) showPoint(sweep, datum.id, { metric: metric, value: datum.v === undefined ? datum.own : datum.v });
    }
  };
}

function linePanel(sweep, ranked) {
  var state = { metric: ranked, x: 0 },
    controls = byId('line-controls');
  select(
    controls,
    'Metric',
    labels(sweep.metrics).concat(['Plateau score']),
    state.metric,
    function (value) {
      state.metric = value;
      draw();
    }
  );
  select(controls, 'Parameter', labels(sweep.moving), 0, function (value) {
    state.x = value;
    draw();
  });
  function draw() {
    var metric = sweep.metrics[state.metric] || sweep.plateau,
      param = sweep.moving[state.x];
    var lines = ['best', 'worst', 'median'].map(function (how) {
      return sweep.source.cells(param, null, metric, how, []);
    });
    var x = lines[0].x,
      best = lines[0].cells,
      worst = lines[1].cells;
    var rows = lines[2].cells
      .map(function (cell, index) {
        return {
          xi: cell.xi,
          x: cell.x,
          at: x.binned ? cell.xi : x.param.values[cell.xi],
          middle: cell.v,
          best: best[index].v,
          worst: worst[index].v,
          middleText: cell.text,
          bestText: best[index].text,
          worstText: worst[index].text,
          n: cell.n,
          id: best[index].id,
          own: best[index].v
        };
      })
      .filter(function (row) {
        return row.middle !== null;
      })
      .sort(function (a, b) {
        return a.xi - b.xi;
      });
    return showChart('line-chart', lineSpec(x, rows, metric), optionsFor([], sweep, metric));
  }
  return draw();
}

function scatterPanel(sweep, ranked) {
  var numeric = sweep.moving.filter(function (param) {
    return param.number || typeof param.values[0] === 'number';
  });
  if (numeric.length < 2) return Promise.resolve();
  var state = { metric: ranked, x: 0, y: 1 },
    controls = byId('scatter-controls');
  select(controls, 'Metric', labels(sweep.metrics), ranked, function (value) {
    state.metric = value;
    draw();
  });
  select(controls, 'Across', labels(numeric), 0, function (value) {
    state.x = value;
    draw();
  });
  select(controls, 'Up', labels(numeric), 1, function (value) {
    state.y = value;
    draw();
  });
  function draw() {
    var metric = sweep.metrics[state.metric],
      x = numeric[state.x],
      y = numeric[state.y],
      source = sweep.source;
    var ids = source.scatter(metric);
    byId('scatter-count').textContent =
      formatNumber(ids.length, 0) + ' of ' + formatNumber(sweep.count, 0) + ' points are drawn.';
    return showChart(
      'scatter-chart',
      scatterSpec(
        x,
        y,
        ids.map(function (id) {
          return {
            px: source.param(x, id),
            py: source.param(y, id),
            v: source.value(metric, id),
            id: id,
            text: formatMetric(source.value(metric, id), metric)
          };
        }),
        metric
      ),
      { renderer: 'canvas', click: optionsFor([], sweep, metric).click }
    );
  }
  return draw();
}

function distributionPanel(sweep, ranked) {
  var sharpe = sweep.metrics.findIndex(function (metric) {
    return metric.name === 'sharpe';
  });
  var start = sharpe >= 0 ? sharpe : ranked;
  function draw(at) {
    var metric = sweep.metrics[at];
    return showChart(
      'distribution-chart',
      distributionSpec(
        sweep.source.bins(metric),
        metric,
        metric.name === 'sharpe' ? sweep.luckSharpe : null
      )
    );
  }
  select(byId('distribution-controls'), 'Metric', labels(sweep.metrics), start, draw);
  return draw(start);
}
`;
