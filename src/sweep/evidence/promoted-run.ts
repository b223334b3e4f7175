import * as z from 'zod';
import { InputError } from '../../engine/invariant.ts';
import type { ParameterValue } from '../../engine/parameters.ts';
import { checkProfile } from '../../feeds/profiles.ts';
import { PATH_MODELS } from '../../market/path.ts';
import type { MetricValues, SweepResult } from '../results.ts';
import type { RunSpec } from '../run-spec.ts';
import { ReportFolder } from './report-folder.ts';
import { sweptPoint } from './swept-point.ts';
import type { SweptFacts } from './swept-point.ts';

/** What a report folder says was run, and what came of it. */
export type PromotedRun = {
  readonly kind: 'backtest' | 'sweep';
  readonly manifestSha256: string;
  readonly spec: RunSpec;
  /** As written down; the same must come out again. */
  readonly metrics: MetricValues;
  readonly data: readonly { readonly kind: string; readonly hash: string }[];
  /** As its file said it then. */
  readonly instrument: unknown;
  /** Of the point, where there was a sweep. */
  readonly sweep: SweptFacts | null;
};

/** Where the user's own files are now: reports hold no places. */
export type RunPlaces = {
  readonly dataDir: string;
  readonly instrumentFile: string | undefined;
};

const value = z.union([z.number(), z.string(), z.boolean()]);
const params = z.record(z.string(), value);
/** Runs from before there were limits have none. */
const risk = z.record(z.string(), z.string()).default({});
const category = z.enum(['linear', 'inverse']);

const backtestManifest = z.object({
  startMs: z.int(),
  endMs: z.int(),
  spec: z.looseObject({
    symbol: z.string(),
    category: category.exactOptional(),
    interval: z.string(),
    toMs: z.int().exactOptional(),
    warmupMs: z.int(),
    strategy: z.string(),
    params,
    path: z.enum(PATH_MODELS),
    execution: z.unknown(),
    seed: z.int(),
    capital: z.string().exactOptional(),
    leverage: z.number().exactOptional(),
    instrumentFile: z.string().exactOptional(),
    risk,
  }),
  instrument: z.object({ spec: z.unknown() }),
  data: z.array(
    z.object({
      key: z.object({ kind: z.string(), origin: z.enum(['real', 'synthetic']) }),
      hash: z.string(),
    }),
  ),
});

const sweepManifest = z.object({
  identity: z.looseObject({
    strategy: z.string(),
    params,
    points: z.int(),
    symbol: z.string(),
    interval: z.string(),
    from: z.iso.datetime(),
    to: z.iso.datetime(),
    warmupMs: z.int(),
    path: z.enum(PATH_MODELS),
    execution: z.unknown(),
    seed: z.int(),
    capital: z.string().nullable(),
    leverage: z.number(),
    risk,
    instrument: z.looseObject({ category }),
    data: z.array(
      z.object({ kind: z.string(), origin: z.enum(['real', 'synthetic']), hash: z.string() }),
    ),
  }),
});

/** Reads a folder; `point` is one of a sweep's ids, its best ranked one when left out. */
export function readPromotedRun(
  dir: string,
  point: number | undefined,
  places: RunPlaces,
): PromotedRun {
  const folder = new ReportFolder(dir);
  if (folder.kind === 'sweep') return readSweep(folder, point, places);
  if (point !== undefined) {
    throw new InputError(`--point is for sweeps: ${dir} is a backtest, which has one point`);
  }
  return readBacktest(folder, places);
}

function readBacktest(folder: ReportFolder, places: RunPlaces): PromotedRun {
  const parsed = backtestManifest.safeParse(folder.manifest);
  if (!parsed.success) throw notReadable(folder, parsed.error);
  const { spec, startMs, endMs, instrument, data } = parsed.data;
  const result = folder.json('result.json') as { readonly metrics?: MetricValues };
  return {
    kind: 'backtest',
    manifestSha256: folder.manifestSha256,
    spec: {
      ...spec,
      dataDir: places.dataDir,
      instrumentFile: instrumentFileOf(folder, spec.instrumentFile, places),
      category: spec.category,
      origin: originOf(data.map(({ key }) => key)),
      fromMs: startMs,
      toMs: spec.toMs ?? endMs,
      execution: checkProfile(spec.execution, `of ${folder.dir}`),
      risk: spec.risk,
      capital: spec.capital,
      leverage: spec.leverage,
    },
    metrics: result.metrics ?? {},
    data: data.map(({ key, hash }) => ({ kind: key.kind, hash })),
    instrument: instrument.spec,
    sweep: null,
  };
}

function readSweep(
  folder: ReportFolder,
  point: number | undefined,
  places: RunPlaces,
): PromotedRun {
  const parsed = sweepManifest.safeParse(folder.manifest);
  if (!parsed.success) throw notReadable(folder, parsed.error);
  const { identity } = parsed.data;
  const result = folder.json('result.json') as SweepResult;
  const swept = sweptPoint(folder, result, identity.strategy, point);
  return {
    kind: 'sweep',
    manifestSha256: folder.manifestSha256,
    spec: {
      dataDir: places.dataDir,
      symbol: identity.symbol,
      category: identity.instrument.category,
      instrumentFile: places.instrumentFile,
      interval: identity.interval,
      origin: originOf(identity.data),
      fromMs: Date.parse(identity.from),
      toMs: Date.parse(identity.to),
      warmupMs: identity.warmupMs,
      strategy: identity.strategy,
      params: { ...identity.params, ...swept.params } as Record<string, ParameterValue>,
      path: identity.path,
      execution: checkProfile(identity.execution, `of ${folder.dir}`),
      seed: identity.seed,
      risk: identity.risk,
      capital: identity.capital ?? undefined,
      leverage: identity.leverage,
    },
    metrics: swept.metrics,
    data: identity.data.map(({ kind, hash }) => ({ kind, hash })),
    instrument: identity.instrument,
    sweep: swept.facts,
  };
}

/** Of its candles: the run must read the very same series again. */
function originOf(
  data: readonly { readonly kind: string; readonly origin: 'real' | 'synthetic' }[],
): RunSpec['origin'] {
  return data.find(({ kind }) => kind === 'candles')?.origin;
}

function instrumentFileOf(
  { dir }: ReportFolder,
  named: string | undefined,
  { instrumentFile }: RunPlaces,
): string | undefined {
  if (named === undefined || instrumentFile !== undefined) return instrumentFile;
  throw new InputError(
    `${dir} was run with an instrument file ${named}: give it with --instrument`,
  );
}

function notReadable({ dir, kind }: ReportFolder, error: z.ZodError): InputError {
  const [issue] = error.issues;
  const what = `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not as expected'}`;
  return new InputError(
    `the manifest of ${dir} is not as a ${kind} writes it (${what}): run it again`,
  );
}
