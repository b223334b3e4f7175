/** Vega-lite specifications of the sweep's charts, made from cells. */
export const SWEEP_SPECS_SCRIPT = String.raw`
/** Diverging around zero where the metric has a sign, else from faint to strong. */
function valueScale(cells, metric) {
  var low = Infinity,
    high = -Infinity;
  cells.forEach(function (cell) {
    if (cell.v === null) return;
    low = Math.min(low, cell.v);
    high = Math.max(high, cell.v);
  });
  if (!(high >= low)) {
    low = 0;
    high = 1;
  }
  var worse = metric.better === 'lower' ? '@profit' : '@loss',
    better = metric.better === 'lower' ? '@loss' : '@profit';
  if (metric.signed) {
    var most = Math.max(Math.abs(low), Math.abs(high)) || 1;
    return {
      type: 'linear',
      domain: [-most, 0, most],
      range: [worse, '@zero', better],
      interpolate: 'rgb'
    };
  }
  var range = metric.better === 'lower' ? ['@seq1', '@seq0'] : ['@seq0', '@seq1'];
  return {
    type: 'linear',
    domain: low === high ? [low - 0.5, high + 0.5] : [low, high],
    range: range,
    interpolate: 'rgb'
  };
}

function metricTitle(metric) {
  return metric.unit === '' || metric.unit === 'ms'
    ? metric.label
    : metric.label + ' (' + metric.unit + ')';
}

function mapSpec(x, y, cells, metric, outlined, title) {
  var step = Math.max(9, Math.min(34, 420 / y.labels.length));
  var xAxis = {
    field: 'xi',
    type: 'ordinal',
    scale: { domain: indices(x) },
    axis: cellAxis(x, -45)
  };
  var yAxis = {
    field: 'yi',
    type: 'ordinal',
    scale: { domain: indices(y).reverse() },
    axis: cellAxis(y, 0)
  };
  var tooltip = [
    { field: 'x', title: x.param.name },
    { field: 'y', title: y.param.name },
    { field: 'text', title: metric.label },
    { field: 'n', title: 'points' }
  ];
  var known = cells.filter(function (cell) {
    return cell.v !== null;
  });
  var missing = cells.filter(function (cell) {
    return cell.v === null;
  });
  return {
    title: { text: title, limit: 420 },
    height: Math.max(120, step * y.labels.length),
    encoding: { x: xAxis, y: yAxis },
    layer: [
      {
        data: { values: missing },
        mark: { type: 'rect', color: '@none', opacity: 0.5, cursor: 'pointer' },
        encoding: { tooltip: tooltip }
      },
      {
        data: { values: known },
        mark: {
          type: 'rect',
          cursor: 'pointer',
          stroke: '@card',
          strokeWidth: cells.length > 900 ? 0 : 1
        },
        encoding: {
          tooltip: tooltip,
          color: {
            field: 'v',
            type: 'quantitative',
            scale: valueScale(known, metric),
            legend: {
              title: metricTitle(metric),
              titleLimit: 260,
              orient: 'bottom',
              gradientLength: 200,
              gradientThickness: 10,
              titleOrient: 'top',
              tickCount: 4
            }
          }
        }
      },
      {
        data: { values: outlined ? [outlined] : [] },
        mark: { type: 'rect', fill: null, stroke: '@ink', strokeWidth: 2.5 }
      }
    ]
  };
}

function indices(axis) {
  return axis.labels.map(function (label, index) {
    return index;
  });
}

/** Labels come from a list, not from an expression made of them: they are data. */
function cellAxis(axis, angle) {
  var long = axis.labels.some(function (label) {
    return label.length > 4;
  });
  return {
    title: axis.param.name,
    titleLimit: 300,
    labelAngle: long ? angle : 0,
    labelOverlap: true,
    ticks: false,
    domain: false,
    labelLimit: 110,
    labelExpr: JSON.stringify(axis.labels) + '[datum.value]'
  };
}

function lineSpec(x, rows, metric) {
  var scale =
    x.binned || typeof x.param.values[0] !== 'number'
      ? { field: 'xi', type: 'ordinal', scale: { domain: indices(x) }, axis: cellAxis(x, -45) }
      : {
          field: 'at',
          type: 'quantitative',
          scale: { zero: false, nice: false },
          axis: { title: x.param.name, titleLimit: 300 }
        };
  var y = {
    type: 'quantitative',
    axis: { title: metricTitle(metric), titleLimit: 260 },
    scale: { zero: false }
  };
  var tooltip = [
    { field: 'x', title: x.param.name },
    { field: 'bestText', title: 'best' },
    { field: 'middleText', title: 'median' },
    { field: 'worstText', title: 'worst' },
    { field: 'n', title: 'points' }
  ];
  var layers = [
    {
      mark: { type: 'area', color: '@accent', opacity: 0.14 },
      encoding: { y: Object.assign({ field: 'worst' }, y), y2: { field: 'best' } }
    },
    {
      mark: { type: 'line', color: '@accent', strokeWidth: 2 },
      encoding: { y: Object.assign({ field: 'middle' }, y) }
    },
    {
      mark: { type: 'line', color: '@profit', strokeWidth: 1.4, strokeDash: [5, 3] },
      encoding: { y: Object.assign({ field: 'best' }, y) }
    },
    {
      mark: {
        type: 'point',
        filled: true,
        size: 60,
        color: '@accent',
        opacity: 1,
        cursor: 'pointer'
      },
      encoding: { y: Object.assign({ field: 'middle' }, y), tooltip: tooltip }
    }
  ];
  if (metric.signed)
    layers.unshift({
      mark: { type: 'rule', color: '@none' },
      encoding: { x: null, y: { datum: 0, type: 'quantitative' } }
    });
  return { height: 280, data: { values: rows }, encoding: { x: scale }, layer: layers };
}

function scatterSpec(x, y, rows, metric) {
  return {
    height: 340,
    data: { values: rows },
    mark: {
      type: 'circle',
      size: 34,
      opacity: 0.85,
      cursor: 'pointer',
      stroke: '@line',
      strokeWidth: 0.5
    },
    encoding: {
      x: {
        field: 'px',
        type: 'quantitative',
        scale: { zero: false },
        axis: { title: x.name, titleLimit: 300 }
      },
      y: {
        field: 'py',
        type: 'quantitative',
        scale: { zero: false },
        axis: { title: y.name, titleLimit: 300 }
      },
      color: {
        field: 'v',
        type: 'quantitative',
        scale: valueScale(rows, metric),
        legend: {
          title: metricTitle(metric),
          orient: 'bottom',
          titleOrient: 'top',
          gradientLength: 200,
          gradientThickness: 10,
          titleLimit: 260
        }
      },
      tooltip: [
        { field: 'px', title: x.name, format: '.5~g' },
        { field: 'py', title: y.name, format: '.5~g' },
        { field: 'text', title: metric.label },
        { field: 'id', title: 'point' }
      ]
    }
  };
}

function distributionSpec(bins, metric, threshold) {
  var layers = [
    {
      data: { values: bins },
      mark: { type: 'bar', color: '@accent', opacity: 0.75, binSpacing: 1 },
      encoding: {
        x: {
          field: 'from',
          type: 'quantitative',
          bin: { binned: true },
          axis: { title: metricTitle(metric), titleLimit: 300, tickCount: 8 }
        },
        x2: { field: 'to' },
        y: { field: 'n', type: 'quantitative', axis: { title: 'Points', tickMinStep: 1 } },
        tooltip: [
          { field: 'from', title: 'from', format: '.4~g' },
          { field: 'to', title: 'to', format: '.4~g' },
          { field: 'n', title: 'points' }
        ]
      }
    }
  ];
  if (threshold !== null) {
    layers.push({
      data: { values: [{ v: threshold }] },
      mark: { type: 'rule', color: '@loss', strokeWidth: 2, strokeDash: [6, 4] },
      encoding: { x: { field: 'v', type: 'quantitative' } }
    });
    layers.push({
      data: { values: [{ v: threshold }] },
      mark: {
        type: 'text',
        color: '@loss',
        align: 'left',
        dx: 6,
        y: 10,
        fontSize: 12,
        text: 'best by luck: ' + formatNumber(threshold, 2)
      },
      encoding: { x: { field: 'v', type: 'quantitative' } }
    });
  }
  return { height: 220, layer: layers };
}
`;
