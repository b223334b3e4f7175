/** The panel of one chosen point: its numbers and the command that runs it again. */
export const SWEEP_POINT_SCRIPT = String.raw`
function showPoint(sweep, id, clicked) {
  var holder = byId('point'),
    source = sweep.source;
  holder.hidden = false;
  holder.textContent = '';
  var rank = sweep.ranks[String(id)];
  holder.appendChild(make('h3', 'Point ' + id + (rank === undefined ? '' : ', rank ' + rank)));
  var facts = make('dl', undefined, 'facts');
  var whole = !source.inFull || source.inFull(id),
    runnable = whole || sweep.paramDigits !== 'none';
  if (runnable)
    sweep.params.forEach(function (param) {
      fact(facts, param.name, String(source.param(param, id)));
    });
  if (whole)
    sweep.metrics.concat([sweep.plateau]).forEach(function (metric) {
      fact(facts, metric.label, formatMetric(source.value(metric, id), metric));
    });
  else fact(facts, clicked.metric.label, formatMetric(clicked.value, clicked.metric));
  holder.appendChild(facts);
  if (!whole)
    holder.appendChild(
      make(
        'p',
        'This sweep has too many points for a page: ' +
          (runnable ? 'the other' : 'the parameters and other') +
          ' metrics of this one stand in points.csv, in line ' +
          formatNumber(id + 2, 0) +
          '.',
        'note'
      )
    );
  if (runnable) {
    var exact = whole && source.inFull ? true : sweep.paramDigits === 'exact';
    holder.appendChild(
      make(
        'p',
        exact
          ? 'To run this point again:'
          : 'To run this point again (parameters to seven digits; points.csv has all of them):',
        'note'
      )
    );
    holder.appendChild(make('code', rerunCommand(sweep, id, exact), 'command'));
  }
  holder.scrollIntoView({ block: 'nearest' });
}

function fact(list, name, value) {
  var wrap = make('div');
  wrap.appendChild(make('dt', name));
  wrap.appendChild(make('dd', value));
  list.appendChild(wrap);
}

function rerunCommand(sweep, id, exact) {
  return (
    sweep.rerun.command +
    sweep.params
      .map(function (param) {
        var value = sweep.source.param(param, id);
        var text = exact || typeof value !== 'number' ? String(value) : String(Number(value.toPrecision(7)));
        return ' ' + sweep.rerun.paramFlag + ' ' + shellWord(param.name + '=' + text);
      })
      .join('')
  );
}

function shellWord(text) {
  return /^[\w=.,:\/+-]+$/.test(text) ? text : "'" + text.replace(/'/g, "'\\''") + "'";
}
`;
