import type { ExecutionProfile } from '../../venue/execution-profile.ts';
import { LEGS } from '../../venue/latency.ts';
import type { Distribution, Leg } from '../../venue/latency.ts';
import type { LatencySamples } from './latency-samples.ts';

/** At 0, 1, ... 100 percent. */
const QUANTILES = 101;
/** Request legs may stand in for each other: they take the same way. */
const STAND_IN: Partial<Readonly<Record<Leg, Leg>>> = { amend: 'submit', cancel: 'submit' };

export type MeasuredProfile =
  | { readonly ok: true; readonly profile: ExecutionProfile; readonly notes: readonly string[] }
  | { readonly ok: false; readonly lacking: readonly string[] };

/**
 * The measured delays in a profile the simulator reads. What trading costs beyond fees is not
 * measured and stays as in `base`. The rule that widens delays in volatile candles goes: those
 * delays are among the measured ones.
 */
export function measuredProfile(
  { ms }: LatencySamples,
  base: ExecutionProfile,
  name: string,
  fewest: number,
): MeasuredProfile {
  const notes: string[] = [];
  const lacking: string[] = [];
  const legs: Partial<Record<Leg, Distribution>> = {};
  for (const leg of LEGS) {
    const standIn = STAND_IN[leg];
    const isOwn = ms[leg].length >= fewest;
    const source = isOwn || standIn === undefined ? leg : standIn;
    if (ms[source].length < fewest) lacking.push(`${leg} ${ms[leg].length}`);
    if (source !== leg) notes.push(`${leg}: ${ms[leg].length} samples only, taken as ${source}`);
    legs[leg] = { type: 'empirical', quantilesMs: quantilesOf(ms[source], QUANTILES) };
  }
  if (lacking.length > 0) return { ok: false, lacking };
  const counts = LEGS.map((leg) => `${leg} ${ms[leg].length}`).join(', ');
  const description = `measured from a journal; samples: ${counts}; all else as ${base.name}`;
  const { halfSpreadTicks, slippageBps, participation, throughTicks } = base;
  const costs = { halfSpreadTicks, slippageBps, participation, throughTicks };
  const profile = { name, description, ...costs, legs: legs as Record<Leg, Distribution> };
  return { ok: true, profile, notes };
}

/** At equal shares from least to most, between samples linear, in tenths of a millisecond. */
export function quantilesOf(samples: readonly number[], count: number): number[] {
  const sorted = samples.toSorted((a, b) => a - b);
  return Array.from({ length: count }, (_, k) => {
    const at = (k / (count - 1)) * (sorted.length - 1);
    const low = sorted[Math.floor(at)] ?? 0;
    const high = sorted[Math.ceil(at)] ?? low;
    return Math.round((low + (high - low) * (at - Math.floor(at))) * 10) / 10;
  });
}
