/** Tables that sort by a click on a head; a cell sorts by its data-v, else by its text. */
export const TABLES_SCRIPT = String.raw`
function sortableTables() {
  document.querySelectorAll('table.sortable').forEach(function (table) {
    table.querySelectorAll('thead th').forEach(function (head, column) {
      var button = make('button', head.textContent);
      button.type = 'button';
      head.textContent = '';
      head.appendChild(button);
      button.addEventListener('click', function () {
        sortTable(table, head, column);
      });
    });
  });
}

function sortTable(table, head, column) {
  var falling =
    head.getAttribute('aria-sort') === 'descending' ||
    (head.getAttribute('aria-sort') === null && head.classList.contains('text'));
  var order = falling ? 'ascending' : 'descending';
  table.querySelectorAll('th').forEach(function (other) {
    other.removeAttribute('aria-sort');
  });
  head.setAttribute('aria-sort', order);
  var rows = Array.from(table.tBodies[0].rows).map(function (row) {
    var cell = row.cells[column];
    var raw = cell.dataset.v === undefined ? cell.textContent : cell.dataset.v;
    return { row: row, raw: raw, number: raw === '' ? NaN : Number(raw) };
  });
  var numeric = rows.every(function (entry) {
    return entry.raw === '' || !Number.isNaN(entry.number);
  });
  rows.sort(function (a, b) {
    // What is n/a stays last whichever way the table is sorted.
    if ((a.raw === '') !== (b.raw === '')) return a.raw === '' ? 1 : -1;
    var less = numeric ? a.number - b.number : a.raw.localeCompare(b.raw, 'en');
    return order === 'ascending' ? less : -less;
  });
  rows.forEach(function (entry) {
    table.tBodies[0].appendChild(entry.row);
  });
}
`;
