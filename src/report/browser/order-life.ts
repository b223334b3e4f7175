/** Draws the life of the order chosen in the table: its moments in order, and what lies between. */
export const ORDER_LIFE_SCRIPT = String.raw`
var LIFE_MOMENTS = [
  ['sentMs', 'sent', 'engine'],
  ['venueMs', 'at the venue', 'venue'],
  ['answerKnownMs', 'answer known', 'engine'],
  ['firstFillMs', 'first filled', 'venue'],
  ['lastFillMs', 'last filled', 'venue'],
  ['fillsKnownMs', 'executions known', 'engine'],
  ['endMs', 'ended', 'venue'],
  ['endKnownMs', 'end known', 'engine']
];

function orderLives(lives) {
  var rows = Array.from(document.querySelectorAll('#order-life-table .life-pick'));
  function show(row) {
    rows.forEach(function (other) {
      other.classList.toggle('chosen', other === row);
    });
    drawLife(lives[Number(row.dataset.at)]);
  }
  rows.forEach(function (row) {
    row.addEventListener('click', function () {
      show(row);
    });
    row.addEventListener('keydown', function (event) {
      if (event.key === 'Enter') show(row);
    });
  });
  if (rows.length > 0) show(rows[0]);
}

function drawLife(life) {
  var holder = byId('order-life-picture');
  holder.textContent = '';
  holder.appendChild(make('p', life.id + ', ' + life.side + ' ' + life.role + ', ' + life.end, 'note'));
  var moments = LIFE_MOMENTS.map(function (entry, at) {
    return { at: at, ms: life[entry[0]], name: entry[1], who: entry[2] };
  })
    .filter(function (moment) {
      return moment.ms !== null;
    })
    .sort(function (a, b) {
      return a.ms - b.ms || a.at - b.at;
    });
  var widths = moments.map(function (moment, i) {
    return i === 0 ? 0 : Math.log1p(moment.ms - moments[i - 1].ms);
  });
  var whole = widths.reduce(function (sum, width) {
    return sum + width;
  }, 0);
  var reached = 0;
  moments.forEach(function (moment, i) {
    var row = make('div', undefined, 'life-row');
    row.appendChild(make('span', moment.name, 'life-name'));
    var track = make('span', undefined, 'life-track');
    var bar = make('i', undefined, moment.who);
    bar.style.left = (whole === 0 ? 0 : (96 * reached) / whole) + '%';
    bar.style.width = 'max(4px, ' + (whole === 0 ? 0 : (96 * widths[i]) / whole) + '%)';
    reached += widths[i];
    track.appendChild(bar);
    row.appendChild(track);
    var after = i === 0 ? formatTime(moment.ms) : '+' + formatDuration(moment.ms - moments[0].ms);
    row.appendChild(make('span', after, 'life-time'));
    holder.appendChild(row);
  });
}
`;
