/** Points gathered into cells: the best, median, mean or worst of what falls into each. */
export const SWEEP_CELLS_SCRIPT = String.raw`
function cellsOf(x, y, metric, ids, how) {
  var across = x.labels.length,
    groups = new Map();
  ids.forEach(function (id) {
    var key = x.code[id] + across * (y ? y.code[id] : 0);
    var group = groups.get(key);
    if (group) group.push(id);
    else groups.set(key, [id]);
  });
  var cells = [];
  groups.forEach(function (group, key) {
    var xi = key % across,
      yi = Math.floor(key / across),
      picked = pick(metric, group, how);
    cells.push({
      xi: xi,
      yi: yi,
      x: x.labels[xi],
      y: y ? y.labels[yi] : '',
      v: picked.value,
      id: picked.id,
      n: group.length,
      text: formatMetric(picked.value, metric)
    });
  });
  return cells;
}

/** The value of a group and the point that stands for it; n/a points count only when all are. */
function pick(metric, group, how) {
  var known = group.filter(function (id) {
    return Number.isFinite(metric.column[id]);
  });
  if (known.length === 0) return { value: null, id: group[0] };
  var sign = signOf(metric);
  known.sort(function (a, b) {
    return sign * (metric.column[b] - metric.column[a]) || a - b;
  });
  var at = how === 'worst' ? known.length - 1 : how === 'median' ? known.length >> 1 : 0;
  if (how !== 'mean') return { value: metric.column[known[at]], id: known[at] };
  var sum = 0;
  known.forEach(function (id) {
    sum += metric.column[id];
  });
  return { value: sum / known.length, id: known[0] };
}

function bestCell(cells, sign) {
  return cells.reduce(function (best, cell) {
    if (cell.v === null) return best;
    return best === null || sign * cell.v > sign * best.v ? cell : best;
  }, null);
}

/** Equal bins over the middle 99 %; what lies beyond counts in the end bins. */
function binsOf(column, ids, count) {
  var values = Float64Array.from(
    ids
      .map(function (id) {
        return column[id];
      })
      .filter(Number.isFinite)
  ).sort();
  if (values.length === 0) return [];
  var low = values[Math.round(0.005 * (values.length - 1))],
    high = values[Math.round(0.995 * (values.length - 1))];
  var width = (high - low) / count || Math.abs(low) / 10 || 1,
    bins = [];
  for (var i = 0; i < count; i++)
    bins.push({ from: low + i * width, to: low + (i + 1) * width, n: 0 });
  values.forEach(function (value) {
    bins[Math.min(count - 1, Math.max(0, Math.floor((value - low) / width)))].n++;
  });
  return bins;
}
`;
