/** Rows of text in columns, and what a figure is worth against its target. */

/** Columns as wide as their widest cell; the first leans left, the others right. */
export function textTable(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const padded = (cell, column) =>
    column === 0 ? cell.padEnd(widths[column]) : cell.padStart(widths[column]);
  const lines = rows.map((row) => `  ${row.map(padded).join('  ').trimEnd()}`);
  lines.splice(1, 0, `  ${widths.map((width) => '-'.repeat(width)).join('  ')}`);
  return lines.join('\n');
}

export const times = (value) => `${digits(value)}x`;
export const percent = (value) => `${value.toFixed(1)} %`;
export const ns = (value) => `${value.toFixed(2)} ns`;
export const seconds = (value) => `${value.toFixed(2)} s`;
export const whole = (value) => value.toFixed(0);

export function digits(value) {
  if (value >= 100) return value.toFixed(0);
  return value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

/** A promise of the table: its figure from the best passes, the same from the medians, and cold. */
export function promise({ what, unit, figures, atLeast, atMost, fills, unless }) {
  const [value, middle, cold] = figures;
  const holds = atLeast !== undefined ? value >= atLeast : value <= atMost;
  const target = atLeast !== undefined ? `>= ${unit(atLeast)}` : `<= ${unit(atMost)}`;
  const verdict = unless ?? (holds ? 'reached' : 'MISSED');
  const shown = (figure) => (figure === undefined ? '' : unit(figure));
  return [what, shown(value), target, verdict, fills, shown(middle), shown(cold)];
}

export const PROMISE_HEAD = [
  'ratio',
  'measured',
  'target',
  'verdict',
  'fills a year',
  'medians',
  'cold',
];
