import { basename } from 'node:path';
import type { SeriesInfo } from '../../feeds/series-info.ts';
import type { PreparedRun } from '../prepare.ts';
import { MANIFEST_SCHEMA, sha256 } from './run-folder.ts';
import { lockstepVersion } from '../version.ts';

/** Where the run's own words came from; the command line knows, the run does not. */
export type RunOrigin = {
  readonly execution: { readonly source: string; readonly sha256: string };
  readonly config: { readonly file: string; readonly sha256: string } | undefined;
  /** The command that does it again, without names of places on this machine. */
  readonly command: string;
};

/** Everything a backtest was made of, by hash. Folders are left out: they are no input. */
export function manifestOf(
  prepared: PreparedRun,
  origin: RunOrigin,
  files: Readonly<Record<string, string>>,
  createdAt: Date,
): Record<string, unknown> {
  const { loaded, instrumentSpec, inputs, tape, startMs, endMs } = prepared;
  return {
    schema: MANIFEST_SCHEMA,
    version: 1,
    kind: 'backtest',
    createdAt: createdAt.toISOString(),
    lockstep: lockstepVersion(),
    node: process.versions.node,
    command: origin.command,
    seed: prepared.spec.seed,
    startMs,
    endMs,
    indicatorStartMs: tape.openTimeMs[0] ?? startMs,
    spec: portableSpec(prepared),
    instrument: { source: bareSource(loaded.source), sha256: loaded.sha256, spec: instrumentSpec },
    execution: { source: bareSource(origin.execution.source), sha256: origin.execution.sha256 },
    config: origin.config === undefined ? null
      : { file: basename(origin.config.file), sha256: origin.config.sha256 },
    data: inputs.map(seriesOf),
    files,
  };
}

export function manifestText(manifest: Record<string, unknown>): string {
  return `${JSON.stringify(manifest, undefined, 2)}\n`;
}

/** Eight hex digits that stand for everything a run was asked, wherever it is run. */
export function specId(prepared: PreparedRun, params: Readonly<Record<string, unknown>>): string {
  const { spec, startMs, endMs, leverage, loaded, series } = prepared;
  const asked = {
    ...spec, dataDir: undefined, instrumentFile: undefined, instrument: loaded.sha256,
    category: series.key.category, origin: series.key.origin, fromMs: startMs, toMs: endMs,
    leverage, params,
  };
  return sha256(JSON.stringify(asked)).slice(0, 8);
}

function portableSpec({ spec }: PreparedRun): Record<string, unknown> {
  const { instrumentFile } = spec;
  const file = instrumentFile === undefined ? undefined : basename(instrumentFile);
  // What is undefined is not written.
  return { ...spec, dataDir: undefined, instrumentFile: file };
}

function seriesOf({ key, hash, rows, fromMs, toMs, synthetic, seed }: SeriesInfo): unknown {
  return { key, hash, rows, fromMs, toMs, synthetic, ...(seed === undefined ? {} : { seed }) };
}

function bareSource(source: string): string {
  return source.startsWith('shipped:') ? source : basename(source);
}
