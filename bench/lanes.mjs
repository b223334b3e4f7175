/**
 * Programs measured side by side, each in a process of its own, taking turns: a disturbance meets
 * all of them, and none spoils what V8 learns about another.
 */
import { best, median } from './rounds.mjs';
import { ENOUGH_MS, TURN_MS, TURNS } from './settings.mjs';

/**
 * `lanes` by name: { points, pass, close }. A pass answers { us, fills, rssMb } a point. Returns a
 * measurement by name: the first pass (cold), the best and the median of the others.
 */
export async function measureLanes(lanes) {
  const runners = Object.entries(lanes).map(([name, lane]) => ({ name, lane, passes: [] }));
  try {
    for (const runner of runners) await runPass(runner);
    for (let turn = 0; turn < TURNS; turn += 1) {
      for (const runner of runners) await takeTurn(runner);
    }
    return Object.fromEntries(runners.map((runner) => [runner.name, summary(runner)]));
  } finally {
    for (const { lane } of runners) lane.close();
  }
}

async function runPass({ lane, passes }) {
  passes.push(await lane.pass());
}

async function takeTurn(runner) {
  const { lane, passes } = runner;
  const usedMs = (from) =>
    passes.slice(from).reduce((sum, { us }) => sum + (us * lane.points) / 1_000, 0);
  if (passes.length > 2 && usedMs(1) > ENOUGH_MS) return;
  const from = passes.length;
  do await runPass(runner);
  while (usedMs(from) < TURN_MS);
}

function summary({ passes }) {
  const [cold, ...warm] = passes.map(({ us }) => us);
  const { fills, rssMb } = passes.at(-1);
  return { cold, best: best(warm), median: median(warm), fills, rssMb };
}
