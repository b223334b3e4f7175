/** Programs measured side by side: each in a process of its own, taking turns. */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { best, median } from './rounds.mjs';
import { ENOUGH_MS, TURN_MS, TURNS } from './settings.mjs';

const PROCESS = fileURLToPath(new URL('./lane-process.mjs', import.meta.url));

/** `jobs` by name: what lane-process.mjs takes. Returns a measurement by name, times in us a point. */
export async function measureLanes(jobs) {
  const lanes = await Promise.all(Object.entries(jobs).map(([name, job]) => openLane(name, job)));
  try {
    for (const lane of lanes) await lane.pass();
    for (let turn = 0; turn < TURNS; turn += 1) for (const lane of lanes) await takeTurn(lane);
    return Object.fromEntries(lanes.map((lane) => [lane.name, summary(lane)]));
  } finally {
    for (const { child } of lanes) child.disconnect();
  }
}

async function openLane(name, job) {
  const child = fork(PROCESS, [JSON.stringify(job)]);
  const answer = () =>
    new Promise((resolve, reject) => {
      const gone = (code) => reject(new Error(`${name} ended with code ${code}`));
      child.once('exit', gone);
      child.once('message', (message) => {
        child.off('exit', gone);
        resolve(message);
      });
    });
  const lane = { name, child, points: job.points, passes: [], last: undefined };
  lane.pass = async () => {
    const answered = answer();
    child.send('pass');
    lane.last = await answered;
    lane.passes.push(lane.last.us);
  };
  await answer();
  return lane;
}

async function takeTurn(lane) {
  const { passes, points } = lane;
  const usedMs = (from) => passes.slice(from).reduce((sum, us) => sum + (us * points) / 1_000, 0);
  if (passes.length > 2 && usedMs(1) > ENOUGH_MS) return;
  const from = passes.length;
  do await lane.pass();
  while (usedMs(from) < TURN_MS);
}

function summary({ passes, last }) {
  const [cold, ...warm] = passes;
  return { cold, best: best(warm), median: median(warm), fills: last.fills, rssMb: last.rssMb };
}
