/** The panel of one chosen point: its numbers and the command that runs it again. */
export const SWEEP_POINT_SCRIPT = String.raw`
function showPoint(sweep, id) {
  var holder = byId('point');
  holder.hidden = false;
  holder.textContent = '';
  var rank = sweep.ranks[String(id)];
  holder.appendChild(make('h3', 'Point ' + id + (rank === undefined ? '' : ', rank ' + rank)));
  var facts = make('dl', undefined, 'facts');
  sweep.params.forEach(function (param) {
    fact(facts, param.name, String(paramValue(param, id)));
  });
  sweep.metrics.concat([sweep.plateau]).forEach(function (metric) {
    fact(facts, metric.label, formatMetric(metric.column[id], metric));
  });
  holder.appendChild(facts);
  holder.appendChild(
    make(
      'p',
      sweep.exactParams
        ? 'To run this point again:'
        : 'To run this point again (parameters to seven digits; points.csv has all of them):',
      'note'
    )
  );
  holder.appendChild(make('code', rerunCommand(sweep, id), 'command'));
  holder.scrollIntoView({ block: 'nearest' });
}

function fact(list, name, value) {
  var wrap = make('div');
  wrap.appendChild(make('dt', name));
  wrap.appendChild(make('dd', value));
  list.appendChild(wrap);
}

function rerunCommand(sweep, id) {
  return (
    sweep.rerun.command +
    sweep.params
      .map(function (param) {
        var value = paramValue(param, id);
        var text = param.float32 ? String(Number(value.toPrecision(7))) : String(value);
        return ' ' + sweep.rerun.paramFlag + ' ' + shellWord(param.name + '=' + text);
      })
      .join('')
  );
}

function shellWord(text) {
  return /^[\w=.,:\/+-]+$/.test(text) ? text : "'" + text.replace(/'/g, "'\\''") + "'";
}
`;
