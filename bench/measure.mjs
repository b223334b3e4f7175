/** All that is measured of one setting. */
import { measureC } from './c-lane.mjs';
import { measureLanes } from './lanes.mjs';
import { NAIVE_POINTS, PARAMS, SETTINGS, SWEEP_REFINEMENTS, SWEEP_SECONDS } from './settings.mjs';
import { measureColdSweep, measureCommand, measureThreads } from './sweeps.mjs';
import { pointsOf } from './year.mjs';

/** `programs`: compiled hand loops by name. */
export async function measureSetting(setting, points, { dataDir, workDir, programs }) {
  const job = (program, execution = 'ideal') => ({
    program,
    setting,
    execution,
    dataDir,
    points,
  });
  const lanes = await measureLanes({
    hand: job('hand'),
    skip: job('skip'),
    metrics: job('metrics'),
    home: job('skip', 'home'),
    'home, metrics': job('metrics', 'home'),
    'every-candle': job('every-candle'),
    naive: { ...job('naive'), points: NAIVE_POINTS },
  });
  for (const [name, program] of Object.entries(programs)) {
    lanes[name] = await measureC(program, workDir, dataDir, setting);
  }
  return lanes;
}

/** Whole sweeps, by the clock; `us`: what a point is likely to take. */
export function measureSweeps(setting, us, { dataDir, workDir }) {
  const seconds = (refinement) => (us * pointsOf(setting, refinement).count) / 1e6;
  const fits = SWEEP_REFINEMENTS.find((refinement) => seconds(refinement) <= SWEEP_SECONDS);
  const refinement = fits ?? SWEEP_REFINEMENTS.at(-1);
  const rounds = fits === undefined ? 1 : 3;
  return {
    threads: measureThreads(setting, dataDir, workDir, refinement, rounds),
    cold: measureColdSweep(setting, 'ideal', dataDir, workDir),
    coldHome: measureColdSweep(setting, 'home', dataDir, workDir),
    command: measureCommand(SETTINGS[setting].grid, PARAMS, 'home', dataDir, workDir),
  };
}
