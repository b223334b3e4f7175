import { join } from 'node:path';
import { InputError } from '../engine/invariant.ts';
import { sha256 } from '../sweep/outputs/run-folder.ts';
import {
  profileFolder,
  refuseForeignLatencyFolder,
  writeLatencySweep,
} from '../sweep/latency-sweep-files.ts';
import type { ProfileSweep } from '../sweep/latency-sweep-files.ts';
import type { LatencySweepResult } from '../sweep/latency-sweep.ts';
import type { PointSet } from '../sweep/points.ts';
import type { SweepSummary } from '../sweep/sweep.ts';
import type { SweepRequest } from './sweep-request.ts';
import { alignedRows } from './table.ts';

export type LatencySummary = { readonly out: string; readonly result: LatencySweepResult };

/** The profiles of `--latency a,b`; undefined where it names one, or none: a sweep as ever. */
export function latencyNames(text: unknown): string[] | undefined {
  if (typeof text !== 'string' || !text.includes(',')) return undefined;
  const names = text.split(',').map((name) => name.trim());
  if (names.includes('')) {
    throw new InputError(`--latency ${text} has an empty name: write e.g. ideal,home,degraded`);
  }
  return names;
}

/**
 * One sweep per profile, each in a folder of its own, then what they say together. A stopped one
 * goes on with --resume like any sweep; undefined when it was stopped.
 */
export async function sweepLatencies(
  requests: readonly SweepRequest[],
  points: PointSet,
  run: (request: SweepRequest) => Promise<SweepSummary | undefined>,
): Promise<LatencySummary | undefined> {
  const latencies = requests.map((request) => request.run.spec.execution.name);
  const twice = latencies.find((name, at) => latencies.indexOf(name) !== at);
  if (twice !== undefined) throw new InputError(`--latency names ${twice} twice: keep one`);
  const out = requests[0]?.run.out ?? defaultFolder(requests);
  refuseForeignLatencyFolder(out, latencies);
  const sweeps: ProfileSweep[] = [];
  for (const request of requests) {
    const latency = request.run.spec.execution.name;
    const folder = join(out, profileFolder(latency));
    process.stderr.write(`latency ${latency}\n`);
    const summary = await run({ ...request, run: { ...request.run, out: folder } });
    if (summary === undefined) return undefined;
    sweeps.push({ latency, out: folder, result: summary.result });
  }
  const { renderLatencySweep } = await import('../report/latency-sweep-report.ts');
  return { out, result: await writeLatencySweep(out, points, sweeps, renderLatencySweep) };
}

function defaultFolder(requests: readonly SweepRequest[]): string {
  const asked = requests.map(({ run, grid, sample, points, rankBy }) => ({
    spec: { ...run.spec, dataDir: undefined },
    grid: [...grid],
    sample,
    points,
    rankBy,
  }));
  const { strategy = '', symbol = '', interval = '' } = requests[0]?.run.spec ?? {};
  const id = sha256(JSON.stringify(asked)).slice(0, 10);
  return join('reports', `sweep-latency-${strategy}-${symbol}-${interval}-${id}`);
}

/** The first axis against the profiles, for a terminal. */
export function latencyText({ out, result }: LatencySummary): string {
  const [table] = result.tables;
  const rows = table?.rows ?? result.ranked.slice(0, 20);
  const axes = table === undefined ? result.axes.map(({ name }) => name) : [table.axis];
  const { run, latencies } = result;
  const heads = latencies.flatMap((latency) => [
    `${latency} net (${run.settleCurrency})`,
    'drawdown (%)',
    'fills',
  ]);
  const body = rows.map(({ params, cells, survives }) => [
    ...axes.map((axis) => String(params[axis] ?? '')),
    ...cells.flatMap(({ netProfit, maxDrawdown, fills }) => [
      netProfit === null ? 'n/a' : netProfit.toFixed(8),
      maxDrawdown === null ? 'n/a' : maxDrawdown.toFixed(2),
      String(fills ?? 0),
    ]),
    survives ? 'earns everywhere' : '',
  ]);
  const best = result.ranked[0];
  const bestText = Object.entries(best?.params ?? {}).map(([name, value]) => `${name}=${value}`);
  return [
    `${run.synthetic ? 'SYNTHETIC DATA: ' : ''}${run.strategy} on ${run.symbol} ${run.interval}, ` +
      `${run.from} to ${run.to}, path ${run.path}, seed ${run.seed}`,
    `${result.pointCount} points under ${latencies.join(', ')}; ${result.survivors} earn under all`,
    `best by the worst ${result.rankedBy}: ${bestText.join(' ')}` +
      (best === undefined || best.worst === null
        ? ' (n/a: too few trades under some profile)'
        : ` (${best.worst.toFixed(2)})`),
    '',
    ...alignedRows([[...axes, ...heads, ''], ...body]),
    '',
    `report: ${out}/report.html`,
    '',
  ].join('\n');
}
