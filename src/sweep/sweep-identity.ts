import { createHash } from 'node:crypto';
import { canonicalJson } from '../feeds/canonical-json.ts';
import { isoTime } from '../feeds/csv-time.ts';
import { METRICS } from './metrics/registry.ts';
import { lockstepVersion } from './version.ts';
import type { PointSet } from './points.ts';
import type { PreparedRun } from './prepare.ts';

/** Everything the rows of a sweep depend on, and nothing else: no paths, no clock, no workers. */
export type SweepIdentity = Readonly<Record<string, unknown>>;

export function identityOf(
  prepared: PreparedRun, points: PointSet, rankBy: string | undefined,
): SweepIdentity {
  const { spec, startMs, endMs, inputs, instrumentSpec } = prepared;
  return {
    lockstepVersion: lockstepVersion(),
    metrics: METRICS.length,
    strategy: spec.strategy,
    params: spec.params,
    axes: points.axes.map(({ name, values, continuous }) => ({ name, values, continuous })),
    sample: points.sample,
    points: points.count,
    symbol: spec.symbol,
    interval: spec.interval,
    from: isoTime(startMs),
    to: isoTime(endMs),
    warmupMs: spec.warmupMs,
    path: spec.path,
    execution: spec.execution,
    seed: spec.seed,
    capital: spec.capital ?? null,
    leverage: prepared.leverage,
    risk: spec.risk,
    rankBy: rankBy ?? null,
    instrument: instrumentSpec,
    data: inputs.map(({ key, hash }) => ({ ...key, hash })),
  };
}

export function identityHash(identity: SweepIdentity): string {
  return createHash('sha256').update(canonicalJson(identity)).digest('hex');
}

/** What a person would change to make two sweeps the same, in one line; undefined when nothing. */
export function difference(before: SweepIdentity, now: SweepIdentity): string | undefined {
  const names = [...new Set([...Object.keys(before), ...Object.keys(now)])];
  const changed = names.filter((name) => canonicalJson(before[name]) !== canonicalJson(now[name]));
  const [first] = changed;
  if (first === undefined) return undefined;
  const more = changed.length > 1 ? `, and ${changed.slice(1).join(', ')}` : '';
  return `${first} was ${short(before[first])}, now ${short(now[first])}${more}`;
}

function short(value: unknown): string {
  const text = canonicalJson(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
