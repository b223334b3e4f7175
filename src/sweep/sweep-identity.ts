import { createHash } from 'node:crypto';
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
    rankBy: rankBy ?? null,
    instrument: instrumentSpec,
    data: inputs.map(({ key, hash }) => ({ ...key, hash })),
  };
}

export function identityHash(identity: SweepIdentity): string {
  return createHash('sha256').update(canonical(identity)).digest('hex');
}

/** What a person would change to make two sweeps the same, in one line; undefined when nothing. */
export function difference(before: SweepIdentity, now: SweepIdentity): string | undefined {
  const names = [...new Set([...Object.keys(before), ...Object.keys(now)])];
  const changed = names.filter((name) => canonical(before[name]) !== canonical(now[name]));
  const [first] = changed;
  if (first === undefined) return undefined;
  const more = changed.length > 1 ? `, and ${changed.slice(1).join(', ')}` : '';
  return `${first} was ${short(before[first])}, now ${short(now[first])}${more}`;
}

function short(value: unknown): string {
  const text = canonical(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

/** JSON with the names of objects in order, so that equal things have equal text. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const fields = Object.entries(value as Record<string, unknown>)
    .filter(([, field]) => field !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([name, field]) => `${JSON.stringify(name)}:${canonical(field)}`).join(',')}}`;
}
