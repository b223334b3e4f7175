/** All that is measured of one setting. */
import { openC } from './c-lane.mjs';
import { measureLanes } from './lanes.mjs';
import { openNode } from './node-lane.mjs';
import { NAIVE_POINTS, PARAMS, SETTINGS, SWEEP_REFINEMENTS, SWEEP_SECONDS } from './settings.mjs';
import { measureColdSweep, measureCommand, measureThreads } from './sweeps.mjs';
import { pointsOf } from './year.mjs';

/** `programs`: compiled hand loops by name. */
export async function measurePrograms(setting, points, { dataDir, programs }) {
  const open = (program, execution = 'ideal', count = points) =>
    openNode({ program, setting, execution, dataDir, points: count });
  const lanes = {
    hand: await open('hand'),
    plain: await open('plain'),
    floor: await open('floor'),
    skip: await open('skip'),
    metrics: await open('metrics'),
    home: await open('skip', 'home'),
    'home, metrics': await open('metrics', 'home'),
    'every-candle': await open('every-candle'),
    naive: await open('naive', 'ideal', NAIVE_POINTS),
  };
  for (const [name, program] of Object.entries(programs)) {
    lanes[name] = await openC(program, dataDir, setting, points);
  }
  return measureLanes(lanes);
}

/** Whole sweeps, by the clock; `us`: what a point is likely to take. */
export async function measureSweeps(setting, us, { dataDir, workDir }) {
  const seconds = (refinement) => (us * pointsOf(setting, refinement).count) / 1e6;
  const fits = SWEEP_REFINEMENTS.find((refinement) => seconds(refinement) <= SWEEP_SECONDS);
  const refinement = fits ?? SWEEP_REFINEMENTS.at(-1);
  const rounds = fits === undefined ? 1 : 3;
  return {
    threads: measureThreads(setting, dataDir, workDir, refinement, rounds),
    cold: await measureColdSweep(setting, 'ideal', dataDir, workDir),
    coldHome: await measureColdSweep(setting, 'home', dataDir, workDir),
    command: measureCommand(SETTINGS[setting].grid, PARAMS, 'home', dataDir, workDir),
  };
}
