/** The rows of the table of promises, from what was measured. */
import { TARGETS } from './settings.mjs';
import { ns, percent, promise, seconds, times, whole } from './table.mjs';

const KINDS = ['best', 'median', 'cold'];
/** Threads are compared on a machine with nothing else to do: more than this of a core is busy. */
const IDLE_CORES = 0.1;

const over = (a, b) => KINDS.map((kind) => a[kind] / b[kind]);

export function laneRows(setting, lanes, candles) {
  const { hand, plain, floor, skip, home, metrics, naive, C } = lanes;
  const every = lanes['every-candle'];
  const fills = whole(skip.fills);
  const rows = [
    promise({
      what: 'skip vs the hand loop over every candle',
      unit: times,
      figures: over(hand, skip),
      atLeast: TARGETS[`${setting}Fills`],
      fills,
    }),
    figure({ what: 'skip vs the plain hand loop', figures: over(plain, skip), fills }),
    figure({ what: 'the floor vs the hand loop', figures: over(hand, floor), fills }),
    figure({ what: 'skip vs the floor, time', figures: over(skip, floor), fills }),
    promise({
      what: 'skip under home vs ideal, time',
      unit: times,
      figures: over(home, skip),
      atMost: TARGETS.home,
      fills: `${fills}, home ${whole(home.fills)}`,
    }),
    promise({
      what: 'every-candle walk, per candle and point',
      unit: ns,
      figures: KINDS.map((kind) => (every[kind] * 1_000) / candles),
      atMost: TARGETS.everyCandleNs,
      fills: whole(every.fills),
    }),
    promise({
      what: 'skip vs the naive engine',
      unit: times,
      figures: over(naive, skip),
      atLeast: TARGETS.naive,
      fills: `${fills}, naive ${whole(naive.fills)}`,
    }),
    promise({
      what: "metrics, of a point's time",
      unit: percent,
      figures: ['best', 'median'].map((kind) => 100 * (1 - skip[kind] / metrics[kind])),
      atMost: TARGETS.metricsPercent,
      fills,
    }),
  ];
  if (C === undefined) return rows;
  const what = 'hand loop vs the same in C, time';
  const figures = over(hand, C);
  return [...rows, promise({ what, unit: times, figures, atMost: TARGETS.handOverC, fills })];
}

/** What nobody promised, for the reader to judge the promises by. */
function figure({ what, figures: [value, middle, cold], fills }) {
  return [what, times(value), '', '', fills, times(middle), times(cold)];
}

export function sweepRows({ skip }, { threads, cold }) {
  const { one, two, points } = threads;
  const others = Math.max(one.others, two.others);
  const fills = whole(skip.fills);
  return [
    promise({
      what: `2 workers vs 1, ${points} points`,
      unit: times,
      figures: [one.seconds / two.seconds],
      atLeast: TARGETS.workers,
      fills,
      unless: others > IDLE_CORES ? `busy: others took ${others.toFixed(1)} cores` : undefined,
    }),
    promise({
      what: '1,000 points x 1 year, 2 workers, cold process',
      unit: seconds,
      figures: [cold.best, cold.median],
      atMost: TARGETS.coldSweepSeconds,
      fills,
    }),
  ];
}

export function csvRow({ rows, library, read }) {
  return promise({
    what: `reading a CSV of ${rows} rows vs csv-parse`,
    unit: times,
    figures: [library / read],
    atLeast: TARGETS.csv,
    fills: '-',
  });
}
