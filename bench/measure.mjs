/** All that is measured of one setting. */
import { measureC } from './c-lane.mjs';
import { measureLanes } from './lanes.mjs';
import { NAIVE_POINTS, PARAMS, SETTINGS, SWEEP_REFINEMENT, SWEEP_ROUNDS } from './settings.mjs';
import { measureColdSweep, measureCommand, measureThreads } from './sweeps.mjs';

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

/** Whole sweeps, by the clock. */
export function measureSweeps(setting, { dataDir, workDir }) {
  return {
    threads: measureThreads(setting, dataDir, workDir, SWEEP_REFINEMENT, SWEEP_ROUNDS),
    cold: measureColdSweep(setting, 'ideal', dataDir, workDir),
    coldHome: measureColdSweep(setting, 'home', dataDir, workDir),
    command: measureCommand(SETTINGS[setting].grid, PARAMS, 'home', dataDir, workDir),
  };
}
