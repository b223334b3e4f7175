import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { InputError } from '../../engine/invariant.ts';
import { MANIFEST_NAME, sha256 } from '../outputs/run-folder.ts';

const hash = z.string();
const backtestFiles = z.record(z.string(), hash);
const sweepFiles = z.record(z.string(), z.object({ sha256: hash }));

/** A finished backtest's or sweep's folder. Every file is checked against its manifest. */
export class ReportFolder {
  readonly dir: string;
  readonly kind: 'backtest' | 'sweep';
  readonly manifest: unknown;
  readonly manifestSha256: string;
  readonly #hashes: ReadonlyMap<string, string>;

  constructor(dir: string) {
    this.dir = dir;
    const text = textOf(join(dir, MANIFEST_NAME));
    this.manifestSha256 = sha256(text);
    this.manifest = jsonOf(text, join(dir, MANIFEST_NAME));
    const { kind, hashes } = kindOf(dir, this.manifest);
    this.kind = kind;
    this.#hashes = hashes;
  }

  text(name: string): string {
    const path = join(this.dir, name);
    const text = textOf(path);
    if (sha256(text) === this.#hashes.get(name)) return text;
    throw new InputError(`${path} is not the file its manifest names: run the ${this.kind} again`);
  }

  json(name: string): unknown {
    return jsonOf(this.text(name), join(this.dir, name));
  }
}

type Kind = { kind: 'backtest' | 'sweep'; hashes: ReadonlyMap<string, string> };

function kindOf(dir: string, manifest: unknown): Kind {
  const parsed = z.object({ schema: z.string(), files: z.unknown() }).safeParse(manifest);
  const { schema, files } = parsed.success ? parsed.data : { schema: '', files: undefined };
  if (schema === 'lockstep.latency-sweep-manifest') {
    throw new InputError(
      `${dir} is a sweep over latencies: give one of the profiles' folders in it`,
    );
  }
  const isSweep = schema === 'lockstep.sweep-manifest';
  const read = isSweep ? sweepFiles.safeParse(files) : backtestFiles.safeParse(files);
  if (!read.success || (!isSweep && schema !== 'lockstep.manifest')) {
    throw new InputError(
      `${dir} is no folder of a lockstep backtest or sweep: its manifest.json is` +
        ' of another kind',
    );
  }
  const hashes = Object.entries(read.data).map(
    ([name, file]) => [name, typeof file === 'string' ? file : file.sha256] as const,
  );
  return { kind: isSweep ? 'sweep' : 'backtest', hashes: new Map(hashes) };
}

function jsonOf(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new InputError(`${path} is not JSON: run it again`);
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw new InputError(`cannot read ${path}: give the folder of a finished backtest or sweep`);
  }
}
