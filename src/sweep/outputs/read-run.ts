import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import type { InstrumentSpec } from '../../engine/instrument.ts';
import { InputError } from '../../engine/invariant.ts';
import { parseInstrumentSpec } from '../../feeds/instrument-schema.ts';
import { seriesInfo } from '../../feeds/series-info.ts';
import { PATH_MODELS } from '../../market/path.ts';
import { MANIFEST_NAME, MANIFEST_SCHEMA, sha256 } from './run-folder.ts';

const manifest = z.object({
  schema: z.literal(MANIFEST_SCHEMA),
  version: z.literal(1),
  kind: z.literal('backtest'),
  startMs: z.int(),
  endMs: z.int(),
  spec: z.object({
    symbol: z.string(),
    strategy: z.string(),
    path: z.enum(PATH_MODELS),
    interval: z.string(),
    execution: z.object({ name: z.string() }),
  }),
  instrument: z.object({ spec: z.unknown() }),
  data: z.array(z.object({ key: seriesInfo.shape.key, hash: z.string() })),
  files: z.record(z.string(), z.string()),
});

export type RunManifest = Omit<z.infer<typeof manifest>, 'instrument'> & {
  readonly instrument: InstrumentSpec;
};

export type CsvRow = Readonly<Record<string, string>>;

/** An output folder, read back. Every file is checked against the manifest that came with it. */
export class RunFolder {
  readonly dir: string;
  readonly manifest: RunManifest;

  constructor(dir: string) {
    this.dir = dir;
    this.manifest = readManifest(dir);
  }

  csv(name: string): CsvRow[] {
    const [header = '', ...lines] = this.#read(name).trimEnd().split('\n');
    const names = header.split(',');
    return lines.map((line) => {
      const cells = line.split(',');
      return Object.fromEntries(names.map((column, at) => [column, cells[at] ?? '']));
    });
  }

  #read(name: string): string {
    const path = join(this.dir, name);
    const text = readText(path);
    if (sha256(text) === this.manifest.files[name]) return text;
    throw new InputError(`${path} is not the file its manifest names: run the backtest again`);
  }
}

function readManifest(dir: string): RunManifest {
  const path = join(dir, MANIFEST_NAME);
  const json = parseJson(path);
  if (isSweep(json)) throw new InputError(`${dir} is a sweep: give the folder of a backtest`);
  const parsed = manifest.safeParse(json);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new InputError(
      `${path} is no manifest of a lockstep run ("${issue?.path.join('.')}" ${issue?.message})`,
    );
  }
  const instrument = parseInstrumentSpec(parsed.data.instrument.spec);
  if ('problem' in instrument) throw new InputError(`${path}: instrument: ${instrument.problem}`);
  return { ...parsed.data, instrument: instrument.spec };
}

function isSweep(json: unknown): boolean {
  const schema = typeof json === 'object' && json !== null && 'schema' in json ? json.schema : '';
  return String(schema).startsWith('lockstep.sweep');
}

function parseJson(path: string): unknown {
  const text = readText(path);
  try {
    return JSON.parse(text);
  } catch {
    throw new InputError(`${path} is not JSON: run the backtest again`);
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw new InputError(`cannot read ${path}: give the folder a backtest has written`);
  }
}
