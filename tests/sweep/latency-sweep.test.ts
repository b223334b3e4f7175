import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { renderLatencySweep } from '../../src/report/latency-sweep-report.ts';
import { latencySweepOf } from '../../src/sweep/latency-sweep.ts';
import type { LatencySweep, LatencySweepResult } from '../../src/sweep/latency-sweep.ts';
import { METRICS } from '../../src/sweep/metrics/registry.ts';
import { lockstep, marketFolder, tree } from '../cli/support/lockstep.ts';
import { runHeader } from '../report/metric-fixture.ts';

const SWEEP = [
  'sweep',
  '--symbol',
  'BTCUSD',
  '--interval',
  '5m',
  '--set',
  'maxLevels=3',
  '--set',
  'anchor=trailing',
  '--grid',
  'multiplier=0.6,1.2',
  '--grid',
  'takeProfit=0.4,0.8',
];
const OVER = [...SWEEP, '--latency', 'ideal,seed-2026-02-12'];

/** Two axes of two values; by profile, the score and the net profit of each point. */
function sweepOf(scores: readonly number[][], nets: readonly number[][]): LatencySweep {
  const values = [
    [1, 2],
    [10, 20],
  ] as const;
  return {
    run: runHeader({}),
    axes: [
      { name: 'm', values: values[0] },
      { name: 't', values: values[1] },
    ],
    sample: 'grid',
    pointCount: 4,
    rankedBy: 'plateauScore',
    metrics: METRICS,
    paramsOf: (id) => ({ m: values[0][id >> 1] ?? 0, t: values[1][id & 1] ?? 0 }),
    profiles: scores.map((score, at) => ({
      latency: `p${at}`,
      column: (name) => {
        if (name === 'plateau_score') return Float64Array.from(score);
        if (name === 'netProfit') return Float64Array.from(nets[at] ?? []);
        return new Float64Array(4).fill(100);
      },
    })),
    warnings: [],
  };
}

describe('a sweep over latencies', () => {
  it('ranks a point by the worst it does under any profile', () => {
    const { ranked } = latencySweepOf(
      sweepOf(
        [
          [9, 2, 3, NaN],
          [1, 2, 4, 9],
        ],
        [
          [1, 1, 1, 1],
          [1, 1, 1, 1],
        ],
      ),
    );
    expect(ranked.map(({ id }) => id)).toEqual([2, 1, 0, 3]);
    expect(ranked.map(({ worst }) => worst)).toEqual([3, 2, 1, null]);
  });

  it('puts the better point by itself first where the plateau is the same', () => {
    const sweep = sweepOf([[1, 1, 1, 1]], [[1, 1, 1, 1]]);
    const own = (column: (name: string) => Float64Array) => (name: string) =>
      name === 'returnOverMaxDrawdown' ? Float64Array.of(1, 4, NaN, 3) : column(name);
    const profiles = sweep.profiles.map((each) => ({ ...each, column: own(each.column) }));
    expect(latencySweepOf({ ...sweep, profiles }).ranked.map(({ id }) => id)).toEqual([1, 3, 0, 2]);
  });

  it('says that a point survives only when it earns under every profile', () => {
    const { ranked, survivors } = latencySweepOf(
      sweepOf(
        [
          [4, 3, 2, 1],
          [4, 3, 2, 1],
        ],
        [
          [1, 1, -1, 0],
          [1, -1, 1, 1],
        ],
      ),
    );
    expect([survivors, ranked.filter(({ survives }) => survives).map(({ id }) => id)]).toEqual([
      1,
      [0],
    ]);
  });

  it('holds the other axes of a table at the values of the best point', () => {
    const { tables } = latencySweepOf(
      sweepOf(
        [
          [1, 2, 3, 4],
          [1, 2, 3, 4],
        ],
        [[], []],
      ),
    );
    expect(tables.map(({ axis, rows }) => [axis, rows.map(({ id }) => id)])).toEqual([
      ['m', [1, 3]],
      ['t', [2, 3]],
    ]);
  });

  it('escapes the names of profiles in its page', () => {
    const result = latencySweepOf(sweepOf([[1, 2, 3, 4]], [[1, 2, 3, 4]]));
    const hostile = '<script>alert(1)</script>';
    const page = renderLatencySweep({ ...result, latencies: [hostile] });
    expect(page).not.toContain(hostile);
  });
});

describe('lockstep sweep --latency a,b', () => {
  let dir = '';
  beforeAll(() => {
    dir = marketFolder();
  });
  const run = (...more: string[]) => lockstep([...OVER, ...more], dir);

  it('leaves the same bytes with any number of workers, and when one profile is taken up again', () => {
    expect(run('--out', 'one', '--workers', '1').code).toBe(0);
    expect(run('--out', 'two', '--workers', '2').code).toBe(0);
    const whole = tree(join(dir, 'one'));
    expect(tree(join(dir, 'two'))).toEqual(whole);
    rmSync(join(dir, 'two/manifest.json'));
    rmSync(join(dir, 'two/seed-2026-02-12'), { recursive: true });
    expect(run('--out', 'two', '--resume').code).toBe(0);
    expect(tree(join(dir, 'two'))).toEqual(whole);
  });

  it('gives each profile the numbers its own sweep gives', () => {
    expect(lockstep([...SWEEP, '--latency', 'ideal', '--out', 'ideal'], dir).code).toBe(0);
    const alone = readFileSync(join(dir, 'ideal/points.csv'), 'utf8').trimEnd().split('\n');
    const merged = readFileSync(join(dir, 'one/points.csv'), 'utf8').split('\n');
    expect(merged.slice(0, 5)).toEqual([
      `latency,${alone[0]}`,
      ...alone.slice(1).map((line) => `ideal,${line}`),
    ]);
    const text = readFileSync(join(dir, 'one/result.json'), 'utf8');
    const result = JSON.parse(text) as LatencySweepResult;
    expect(result.latencies).toEqual(['ideal', 'seed-2026-02-12']);
    expect(result.ranked.every(({ cells }) => cells.length === 2)).toBe(true);
  });

  it('refuses in one line what it cannot mean', () => {
    const refused = [
      [...SWEEP, '--latency', 'ideal,,home'],
      [...SWEEP, '--latency', 'ideal,ideal'],
      [...SWEEP, '--latency', 'ideal,nowhere'],
      [...OVER, '--execution', 'home'],
      [...OVER, '--out', 'data'],
    ].map((args) => lockstep(args, dir));
    expect(refused.map(({ code }) => code)).toEqual([2, 2, 2, 2, 2]);
    for (const { err } of refused) expect(err).toMatch(/^lockstep: [^\n]+\n$/);
  });
});
