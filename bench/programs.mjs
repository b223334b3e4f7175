/** What can be measured, by name: makes a function that runs one point and returns its fills. */
import { METRIC_COLUMN, METRIC_COUNT } from '../dist/sweep/metrics/registry.js';
import { daysPerRow, PointRunner } from '../dist/sweep/worker-runner.js';
import { makeFloorLoop } from './floor-loop.mjs';
import { handJob } from './hand-job.mjs';
import { makeHandLoop, makePlainLoop } from './hand-loop.mjs';
import { runNaively } from './naive-engine.mjs';

export const PROGRAMS = {
  hand: (prepared) => byHand(makeHandLoop(handJob(prepared))),
  plain: (prepared) => byHand(makePlainLoop(handJob(prepared))),
  floor: (prepared) => byHand(makeFloorLoop(handJob(prepared))),
  naive(prepared) {
    const { instrument } = prepared;
    const { tape, qty } = handJob(prepared);
    return (params) => runNaively({ tape, instrument, qty }, params).fills.length;
  },
  skip: (prepared) => walk(prepared, 'skip'),
  'every-candle': (prepared) => walk(prepared, 'every-candle'),
  /** What a worker does with a point. */
  metrics(prepared) {
    const runner = new PointRunner(prepared, 'skip');
    const row = new Float64Array(METRIC_COUNT);
    const daily = new Float32Array(daysPerRow(prepared));
    return (params) => {
      runner.measure(params, row, 0, daily, 0);
      return row[METRIC_COLUMN.fills];
    };
  },
};

function byHand({ run }) {
  return ({ multiplier, takeProfit }) => run(multiplier, takeProfit);
}

function walk(prepared, kind) {
  const runner = new PointRunner(prepared, kind);
  return (params) => runner.run(params).fills.count;
}
