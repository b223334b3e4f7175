/** The table of promises, from what was measured. */
import { SETTINGS, TARGETS } from './settings.mjs';
import { ns, percent, promise, seconds, times, whole } from './table.mjs';

/** Threads are compared on a machine with nothing else to do: more than this of a core is busy. */
const IDLE_CORES = 0.1;

/** `measured` by setting: lanes by name, threads, coldSweep. */
export function promiseRows(measured, candles, csv) {
  const rows = [];
  for (const setting of Object.keys(SETTINGS)) {
    rows.push(...laneRows(setting, measured[setting].lanes, candles));
    rows.push(...sweepRows(setting, measured[setting]));
  }
  rows.push(promise({
    what: `CSV: reading and checking ${whole(csv.rows / 1_000)},000 rows vs csv-parse`, unit: times,
    figures: [csv.library / csv.read], atLeast: TARGETS.csv, fills: '',
  }));
  return rows;
}

function laneRows(setting, lanes, candles) {
  const { hand, skip, home, metrics, naive, C } = lanes;
  const every = lanes['every-candle'];
  const kinds = ['best', 'median', 'cold'];
  const over = (a, b) => kinds.map((kind) => a[kind] / b[kind]);
  const fills = whole(skip.fills);
  const rows = [
    promise({
      what: 'skip vs the hand loop over every candle', unit: times, figures: over(hand, skip),
      atLeast: TARGETS[`${setting}Fills`], fills,
    }),
    promise({
      what: 'skip under home vs ideal, time', unit: times, figures: over(home, skip),
      atMost: TARGETS.home, fills: `${fills}, home ${whole(home.fills)}`,
    }),
    promise({
      what: 'every-candle walk, per candle and point', unit: ns,
      figures: kinds.map((kind) => (every[kind] * 1_000) / candles),
      atMost: TARGETS.everyCandleNs, fills: whole(every.fills),
    }),
    promise({
      what: 'skip vs the naive engine', unit: times, figures: over(naive, skip),
      atLeast: TARGETS.naive, fills: `${fills}, naive ${whole(naive.fills)}`,
    }),
    promise({
      what: "metrics, of a point's time", unit: percent,
      figures: ['best', 'median'].map((kind) => 100 * (1 - skip[kind] / metrics[kind])),
      atMost: TARGETS.metricsPercent, fills,
    }),
  ];
  if (C !== undefined) {
    rows.push(promise({
      what: 'hand loop vs the same in C, time', unit: times, figures: over(hand, C),
      atMost: TARGETS.handOverC, fills,
    }));
  }
  return rows;
}

function sweepRows(setting, { lanes, threads, coldSweep }) {
  const fills = whole(lanes.skip.fills);
  const { one, two, points } = threads;
  const others = Math.max(one.others, two.others);
  return [
    promise({
      what: `2 workers vs 1, ${points} points`, unit: times, figures: [one.seconds / two.seconds],
      atLeast: TARGETS.workers, fills,
      unless: others > IDLE_CORES ? `busy: others ${others.toFixed(1)} cores` : undefined,
    }),
    promise({
      what: '1,000 points x 1 year, 2 workers, cold process', unit: seconds,
      figures: [coldSweep.best, coldSweep.median], atMost: TARGETS.coldSweepSeconds, fills,
    }),
  ];
}
