/** Theme, number formats and the drawing of vega-lite specifications, in the browser. */
export const CORE_SCRIPT = String.raw`
var MINUS = '\u2212';
var darkMode = window.matchMedia('(prefers-color-scheme: dark)');
var redrawers = [];
var drawn = {};

function byId(id) {
  return document.getElementById(id);
}

/** Text goes in as text: nothing of the data is ever parsed as markup. */
function make(tag, text, className) {
  var element = document.createElement(tag);
  if (text !== undefined) element.textContent = text;
  if (className) element.className = className;
  return element;
}

function colour(name) {
  return getComputedStyle(document.documentElement)
    .getPropertyValue('--' + name)
    .trim();
}

/**
 * Replaces '@name' by the theme's colour everywhere but in the data and in titles. Line separators
 * become spaces: the expression parser does not take them inside a text.
 */
function coloured(value, key) {
  if (key === 'values' && Array.isArray(value)) return value;
  if (typeof value === 'string') {
    var named = /^@[a-z0-9]+$/.test(value) && key !== 'title' && key !== 'datum';
    return named ? colour(value.slice(1)) : value.replace(/[\u2028\u2029]/g, ' ');
  }
  if (Array.isArray(value))
    return value.map(function (item) {
      return coloured(item, key);
    });
  if (value === null || typeof value !== 'object') return value;
  var copy = {};
  Object.keys(value).forEach(function (name) {
    copy[name] = coloured(value[name], name);
  });
  // vega-lite writes a tooltip's title into an expression and does not escape backslashes there.
  if (key === 'tooltip' && copy.title) copy.title = copy.title.replace(/\\/g, '\u2216');
  return copy;
}

function chartConfig() {
  var font = 'ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, sans-serif';
  var text = {
    labelColor: colour('soft'),
    titleColor: colour('soft'),
    labelFont: font,
    titleFont: font,
    labelFontSize: 11.5,
    titleFontSize: 12,
    titleFontWeight: 500
  };
  return {
    background: 'transparent',
    font: font,
    view: { stroke: null },
    axis: Object.assign(
      {
        gridColor: colour('faint'),
        domainColor: colour('line'),
        tickColor: colour('line'),
        labelLimit: 150,
        titlePadding: 8
      },
      text
    ),
    axisX: { grid: false, labelFlush: true },
    axisY: { domain: false, ticks: false, labelPadding: 6 },
    legend: text,
    text: { font: font, color: colour('ink') },
    title: { color: colour('ink'), font: font, fontSize: 13, fontWeight: 600, anchor: 'start' }
  };
}

/** Draws, and draws again in the other theme when the reader switches. */
function showChart(id, spec, options) {
  var state = drawn[id];
  if (!state) {
    state = drawn[id] = {
      queue: Promise.resolve(),
      draw: function () {
        // One after the other: two drawings at once would both stay in the page.
        state.queue = state.queue
          .then(function () {
            return embed(id);
          })
          .catch(function (error) {
            // A chart that fails says so in its place; the others are drawn all the same.
            byId(id).textContent = 'This chart could not be drawn.';
            console.error(id, String((error && error.stack) || error));
          });
        return state.queue;
      }
    };
    redrawers.push(state.draw);
  }
  state.spec = spec;
  state.options = options || {};
  return state.draw();
}

function embed(id) {
  var holder = byId(id);
  var state = drawn[id];
  var full = Object.assign(
    { width: 'container', autosize: { type: 'fit-x', contains: 'padding' } },
    coloured(state.spec)
  );
  full.$schema = undefined;
  return vegaEmbed(holder, full, {
    mode: 'vega-lite',
    ast: true,
    actions: false,
    config: chartConfig(),
    renderer: state.options.renderer || 'svg',
    logLevel: 1,
    tooltip: { theme: 'custom' }
  }).then(function (result) {
    if (state.view) state.view.finalize();
    state.view = result.view;
    if (state.options.click) {
      result.view.addEventListener('click', function (event, item) {
        if (item && item.datum) state.options.click(item.datum);
      });
    }
    holder.dataset.drawn = String(Number(holder.dataset.drawn || 0) + 1);
  });
}

darkMode.addEventListener('change', function () {
  redrawers.forEach(function (redraw) {
    redraw();
  });
});

function formatNumber(value, digits) {
  var parts = Math.abs(value).toFixed(digits).split('.');
  var grouped = parts[0].replace(/\B(?=(\d{3})+$)/g, ',');
  var negative = value < 0 && Number(parts.join('.')) !== 0;
  return (negative ? MINUS : '') + grouped + (parts[1] === undefined ? '' : '.' + parts[1]);
}

function formatDuration(ms) {
  var size = Math.abs(ms),
    sign = ms < 0 ? MINUS : '';
  if (size < 1000) return sign + formatNumber(size, size < 10 && size % 1 !== 0 ? 1 : 0) + ' ms';
  var units = [
    ['d', 86400000],
    ['h', 3600000],
    ['min', 60000],
    ['s', 1000]
  ];
  var first = units.findIndex(function (unit) {
    return size >= unit[1];
  });
  var next = units[first + 1];
  var rest = next ? Math.floor((size % units[first][1]) / next[1]) : 0;
  return (
    sign +
    formatNumber(Math.floor(size / units[first][1]), 0) +
    ' ' +
    units[first][0] +
    (rest ? ' ' + rest + ' ' + next[0] : '')
  );
}

/** unit: already a currency, '%', 'x', 'ms', 'days' or nothing. */
function formatMetric(value, metric) {
  if (value === null || value === undefined || Number.isNaN(value)) return 'n/a';
  if (!Number.isFinite(value)) return value > 0 ? '\u221e' : MINUS + '\u221e';
  if (metric.unit === 'ms') return formatDuration(value);
  var text = formatNumber(value, metric.digits);
  if (metric.unit === 'x') return text + '\u00d7';
  return metric.unit === '' ? text : text + ' ' + metric.unit;
}

function formatTime(ms) {
  return new Date(ms).toISOString().slice(0, 16).replace('T', ' ') + ' UTC';
}
`;
