/** The points of a sweep as columns, and parameters as axes of cells. */
export const SWEEP_MODEL_SCRIPT = String.raw`
function unpackSweep(input) {
  var count = input.count;
  input.params.forEach(function (param) {
    if (param.codes) param.code = uint16s(param.codes);
    else if (param.float64) param.number = new Float64Array(bytesOf(param.float64).buffer);
    else if (param.float32) param.number = float32s(param.float32);
    else if (param.values.length > 0) param.code = new Uint16Array(count);
  });
  if (input.aggregate) return unpackAggregate(input);
  input.metrics.concat([input.plateau]).forEach(function (metric) {
    if (metric.float32) metric.column = float32s(metric.float32);
    else if (metric.float24) metric.column = float24s(metric.float24);
    else
      metric.column = new Float32Array(count).fill(
        metric.constant === null ? NaN : metric.constant
      );
  });
  input.moving = input.params.filter(function (param) {
    return param.number || param.values.length > 1;
  });
  input.source = pointSource(input);
  return input;
}

function paramValue(param, id) {
  return param.number ? param.number[id] : param.values[param.code[id]];
}

function short(value) {
  return typeof value === 'number' ? String(Number(value.toPrecision(6))) : String(value);
}

/** A parameter as cells: each value its own, or equal bins when there are too many values. */
function axisOf(param, most) {
  if (!param.number && (param.values.length <= most || typeof param.values[0] !== 'number')) {
    return { param: param, labels: param.values.map(short), code: param.code };
  }
  var numbers =
    param.number ||
    Float64Array.from(param.code, function (code) {
      return param.values[code];
    });
  var low = Infinity,
    high = -Infinity;
  numbers.forEach(function (value) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  });
  var width = (high - low) / most || 1,
    labels = [];
  for (var i = 0; i < most; i++)
    labels.push(rounded(low + i * width, width) + ' to ' + rounded(low + (i + 1) * width, width));
  var code = Uint16Array.from(numbers, function (value) {
    return Math.min(most - 1, Math.floor((value - low) / width));
  });
  return { param: param, labels: labels, code: code, binned: true };
}

function rounded(value, width) {
  return value.toFixed(Math.max(0, Math.min(8, 1 - Math.floor(Math.log10(width)))));
}

function signOf(metric) {
  return metric.better === 'lower' ? -1 : 1;
}

/** Ids of the points that pass every filter { axis, value }. */
function passing(count, filters) {
  var ids = [];
  for (var id = 0; id < count; id++) {
    if (
      filters.every(function (filter) {
        return filter.axis.code[id] === filter.value;
      })
    )
      ids.push(id);
  }
  return ids;
}
`;
