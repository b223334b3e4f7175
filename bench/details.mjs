/** What stands behind the ratios, in microseconds. */
import { digits, seconds, textTable, times, whole } from './table.mjs';

const LANES = {
  floor: 'floor: an index, no engine',
  hand: 'hand loop',
  plain: 'hand loop, a candle a branch',
  C: 'hand loop in C',
  'C, wide': 'in C, whole hours at once (SIMD)',
  skip: 'skip',
  metrics: 'skip with all metrics',
  home: 'skip, home',
  'home, metrics': 'skip with all metrics, home',
  'every-candle': 'every-candle',
  naive: 'naive engine',
};
const HEAD = 'us a point|best|median|cold|ns a candle|us a fill|fills a year|peak MB'.split('|');

export function laneDetails(lanes, candles) {
  const rows = Object.entries(LANES)
    .filter(([key]) => lanes[key] !== undefined)
    .map(([key, name]) => [name, ...laneCells(lanes[key], candles)]);
  return textTable([HEAD, ...rows]);
}

function laneCells({ best, median, cold, fills, rssMb }, candles) {
  return [
    digits(best),
    digits(median),
    digits(cold),
    ((best * 1_000) / candles).toFixed(3),
    (best / fills).toFixed(3),
    whole(fills),
    rssMb === undefined ? '' : whole(rssMb),
  ];
}

export function sweepDetails({ threads, cold, coldHome, command }) {
  const { one, two, points, rssMb } = threads;
  const run = ({ seconds: took, used }) => `${seconds(took)} (${seconds(used)} of processor)`;
  return (
    `  ${points} points with metrics: 1 worker ${run(one)}, 2 workers ${run(two)}, peak ` +
    `${whole(rssMb)} MB\n` +
    `  1,000 points from a cold process, 2 workers: ideal ${seconds(cold.best)}, home ` +
    `${seconds(coldHome.best)}; the command lockstep sweep, home, with finalists, files and ` +
    `report: ${seconds(command)}`
  );
}

/** What a further fill costs, from the two settings. */
export function slopeText({ few, many }) {
  const slope = (name) =>
    ((many[name].best - few[name].best) / (many[name].fills - few[name].fills)).toFixed(3);
  return `us of each further fill: skip ${slope('skip')}, home ${slope('home')}, hand loop ${slope('hand')}, floor ${slope('floor')}`;
}

export function csvText({ rows, mb, library, read, imported }) {
  return (
    `CSV of ${rows} rows, ${whole(mb)} MB, processor time: csv-parse ${seconds(library)}, read and ` +
    `checked ${seconds(read)}, imported whole (merged, Parquet and cache written) ` +
    `${seconds(imported)} = ${times(library / imported)}`
  );
}
