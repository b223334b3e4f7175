import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import type * as Yaml from 'yaml';
import type { Document, LineCounter, Pair, YAMLMap } from 'yaml';
import { InputError } from '../engine/invariant.ts';
import { hintOf } from './run-nearest.ts';
import { shown } from './run-values.ts';

/** A configuration file as text by name: read by the same rules as the flags. */
export type RunConfig = {
  readonly file: string;
  readonly sha256: string;
  readonly values: ReadonlyMap<string, string>;
  readonly set: ReadonlyMap<string, string>;
  /** Lists are joined with commas. */
  readonly grid: ReadonlyMap<string, string>;
};

/** Loaded where there is a configuration: every other command starts without it. */
const yaml = (): typeof Yaml => createRequire(import.meta.url)('yaml') as typeof Yaml;

/** A configuration is written by hand; anything longer is another file given by mistake. */
const MAX_BYTES = 1_000_000;

/** YAML or JSON (which is YAML). `names` are the options it may hold besides set and grid. */
export function readRunConfig(file: string, names: readonly string[]): RunConfig {
  const bytes = readBytes(file);
  const lines = new (yaml().LineCounter)();
  const where = (node: unknown): string => placeOf(file, node, lines);
  const document = parse(file, bytes, lines);
  const values = new Map<string, string>();
  const set = new Map<string, string>();
  const grid = new Map<string, string>();
  for (const [name, pair] of entries(document.contents, where)) {
    if (name === 'set') readInto(set, pair, where, scalarText);
    else if (name === 'grid') readInto(grid, pair, where, listText);
    else if (names.includes(name)) values.set(name, scalarText(name, pair.value, where(pair.key)));
    else {
      const hint = hintOf(name, [...names, 'set', 'grid']);
      throw new InputError(`${where(pair.key)}: unknown name ${shown(name)}; ${hint}`);
    }
  }
  return { file, sha256: createHash('sha256').update(bytes).digest('hex'), values, set, grid };
}

type Where = (node: unknown) => string;

function readBytes(file: string): Buffer {
  let bytes: Buffer;
  try {
    if (!statSync(file).isFile()) throw new Error('not a file');
    bytes = readFileSync(file);
  } catch {
    throw new InputError(`cannot read the configuration file ${file}: check --config`);
  }
  if (bytes.length <= MAX_BYTES) return bytes;
  throw new InputError(`configuration file ${file} is larger than ${MAX_BYTES} bytes`);
}

function parse(file: string, bytes: Buffer, lineCounter: LineCounter): Document {
  const document = yaml().parseDocument(bytes.toString('utf8'), {
    lineCounter, uniqueKeys: true, merge: false, prettyErrors: false, strict: true,
  });
  const problem = document.errors[0] ?? document.warnings[0];
  if (problem === undefined) return document;
  const { line } = lineCounter.linePos(problem.pos[0]);
  const why = problem.message.replaceAll(/\s+/g, ' ');
  throw new InputError(`${file}:${line}: not YAML or JSON: ${why}`);
}

function placeOf(file: string, node: unknown, lines: LineCounter): string {
  const range = node !== null && typeof node === 'object' && 'range' in node ? node.range : null;
  const start = Array.isArray(range) && typeof range[0] === 'number' ? range[0] : 0;
  return `${file}:${lines.linePos(start).line}`;
}

function entries(node: unknown, where: Where): [string, Pair][] {
  if (!yaml().isMap(node)) {
    throw new InputError(`${where(node)}: expected lines like "symbol: BTCUSD"`);
  }
  return (node as YAMLMap).items.map((pair) => {
    const key = yaml().isScalar(pair.key) ? keyText(pair.key) : undefined;
    if (key === undefined || key === '') throw new InputError(`${where(pair.key)}: not a name`);
    return [key, pair];
  });
}

function keyText(key: { readonly value: unknown; readonly source?: string | undefined }): string {
  return typeof key.value === 'string' ? key.value : (key.source ?? String(key.value));
}

type ReadText = (name: string, node: unknown, place: string) => string;

function readInto(target: Map<string, string>, pair: Pair, where: Where, read: ReadText): void {
  for (const [name, inner] of entries(pair.value, where)) {
    target.set(name, read(name, inner.value, where(inner.key)));
  }
}

/** A number stays as it was written, so that no digit is lost before it is checked. */
function scalarText(name: string, node: unknown, place: string): string {
  if (yaml().isScalar(node) && !yaml().isAlias(node)) {
    const { value, source } = node;
    if (typeof value === 'string') return value;
    if (typeof value === 'boolean') return String(value);
    if (typeof value === 'number' || typeof value === 'bigint') return source ?? String(value);
  }
  throw new InputError(`${place}: ${shown(name)} needs one value: a number, a text, true or false`);
}

function listText(name: string, node: unknown, place: string): string {
  if (!yaml().isSeq(node)) return scalarText(name, node, place);
  if (node.items.length === 0) throw new InputError(`${place}: ${shown(name)} is an empty list`);
  return node.items.map((item) => scalarText(name, item, place)).join(',');
}
