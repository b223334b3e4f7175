/** Before anything is timed: all programs come to the same fills, to the ms, the tick and the fee. */
import { pointParams } from '../dist/sweep/points.js';
import { PointRunner } from '../dist/sweep/worker-runner.js';
import { makeFloorLoop } from './floor-loop.mjs';
import { handJob } from './hand-job.mjs';
import { handLoopFills } from './hand-loop-c.mjs';
import { makeHandLoop, makePlainLoop } from './hand-loop.mjs';
import { runNaively } from './naive-engine.mjs';
import { CHECKED, SETTINGS } from './settings.mjs';
import { pointsOf, prepareYear } from './year.mjs';

/** `programs`: compiled hand loops by name. Says what was compared; throws at the first difference. */
export async function checkFills(dataDir, programs, say) {
  const prepared = await prepareYear(dataDir, 'ideal');
  const home = simulators(await prepareYear(dataDir, 'home'));
  const job = handJob(prepared);
  const hand = makeHandLoop(job);
  for (const setting of Object.keys(SETTINGS)) {
    const grid = pointsOf(setting);
    const points = Array.from({ length: grid.count }, (_, id) => pointParams(grid, id));
    const others = {
      ...simulators(prepared),
      floor: byHand(makeFloorLoop(job), job.qty),
      plain: byHand(makePlainLoop(job), job.qty),
      naive: naive(prepared, job),
    };
    const texts = Object.entries(others).map(([name, fillsOf]) =>
      compare(name, hand, job.qty, everyNth(points, CHECKED[name]), fillsOf),
    );
    for (const [name, program] of Object.entries(programs)) {
      const fills = handLoopFills(program, job, points);
      texts.push(compare(name, hand, job.qty, points, (_, at) => fromColumns(fills[at], job.qty)));
    }
    say(`  ${setting} fills: hand loop = ${texts.join(', ')}`);
    const count = compareWalks(home, everyNth(points, CHECKED['every-candle']));
    say(`  ${setting} fills, home: skip = every-candle (${count} fills)`);
  }
}

function everyNth(points, count) {
  const stride = Math.max(1, Math.floor(points.length / count));
  return points.filter((_, at) => at % stride === 0).slice(0, count);
}

/** Fills as rows [time, side, price, quantity, fee]. */
function compare(name, hand, qty, points, fillsOf) {
  let compared = 0;
  points.forEach((point, at) => {
    const count = hand.run(point.multiplier, point.takeProfit);
    const rows = fillsOf(point, at);
    const where = `${name}, multiplier ${point.multiplier} takeProfit ${point.takeProfit}`;
    if (rows.length !== count) throw new Error(`${where}: ${rows.length} fills, not ${count}`);
    rows.forEach((row, i) => {
      const own = [hand.timeMs[i], i % 2 === 0 ? 1 : -1, hand.price[i], qty, hand.fee[i]];
      if (own.some((cell, column) => cell !== row[column])) {
        throw new Error(`${where}, fill ${i}: ${row.join(' ')}, not ${own.join(' ')}`);
      }
    });
    compared += count;
  });
  return `${name} (${points.length} points, ${compared} fills)`;
}

/** Under latency there is no hand loop to compare with. */
function compareWalks(walks, points) {
  let compared = 0;
  for (const point of points) {
    const [skip, every] = [walks.skip(point), walks['every-candle'](point)];
    const same = skip.length === every.length && skip.every((row, i) => `${row}` === `${every[i]}`);
    if (!same) throw new Error(`walks differ under home: ${JSON.stringify(point)}`);
    compared += skip.length;
  }
  return compared;
}

function simulators(prepared) {
  const walk = (kind) => {
    const runner = new PointRunner(prepared, kind);
    return (point) => {
      const { fills } = runner.run(point);
      return Array.from({ length: fills.count }, (_, i) => [
        fills.timeMs[i],
        fills.side[i],
        fills.priceTicks[i],
        fills.qtySteps[i],
        fills.fee[i],
      ]);
    };
  };
  return { skip: walk('skip'), 'every-candle': walk('every-candle') };
}

function naive({ instrument }, { tape, qty }) {
  return (point) =>
    runNaively({ tape, instrument, qty }, point).fills.map((fill) => [
      fill.time,
      fill.side === 'buy' ? 1 : -1,
      fill.price,
      fill.qty,
      fill.fee,
    ]);
}

/** The fills of another program by hand, as rows. */
function byHand({ run, timeMs, price, fee }, qty) {
  return ({ multiplier, takeProfit }) =>
    Array.from({ length: run(multiplier, takeProfit) }, (_, i) => [
      timeMs[i],
      i % 2 === 0 ? 1 : -1,
      price[i],
      qty,
      fee[i],
    ]);
}

function fromColumns(cells, qty) {
  return Array.from({ length: cells.length / 3 }, (_, i) => [
    cells[3 * i],
    i % 2 === 0 ? 1 : -1,
    cells[3 * i + 1],
    qty,
    cells[3 * i + 2],
  ]);
}
