import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Instrument } from '../engine/instrument.ts';
import type { InstrumentSpec } from '../engine/instrument.ts';
import { InputError } from '../engine/invariant.ts';
import { parseInstrumentSpec } from './instrument-schema.ts';

export type InstrumentQuery = {
  readonly symbol: string;
  readonly category?: string | undefined;
  /** A file of the user's own, before all others. */
  readonly file?: string | undefined;
  readonly dataDir: string;
};

export type LoadedInstrument = {
  readonly instrument: Instrument;
  readonly spec: InstrumentSpec;
  /** Where it came from: the file as given, or `shipped:NAME.json`. */
  readonly source: string;
  readonly sha256: string;
};

/** Relative to this module, so that it holds from any working directory, built or not. */
const SHIPPED_DIR = join(dirname(fileURLToPath(import.meta.url)), '../../data/instruments');

/** The instrument a symbol names: the user's file, then `<dataDir>/instruments`, then shipped. */
export function loadInstrument(query: InstrumentQuery): LoadedInstrument {
  const { path, source } = locate(query);
  const bytes = readInstrumentFile(path);
  const spec = specOf(bytes, path);
  if (spec.symbol !== query.symbol) {
    throw new InputError(
      `${path} describes ${spec.symbol}, not ${query.symbol}: ` +
        `use --symbol ${spec.symbol} or another --instrument file`,
    );
  }
  if (query.category !== undefined && query.category !== spec.category) {
    throw new InputError(
      `--category ${query.category} contradicts ${source}, where ${spec.symbol} is ` +
        `${spec.category}: drop --category or give your own --instrument file`,
    );
  }
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { instrument: compile(spec, path), spec, source, sha256 };
}

/** Symbols that need no `--instrument`: shipped ones and those of `<dataDir>/instruments`. */
export function knownSymbols(dataDir: string): string[] {
  const names = new Set<string>();
  for (const dir of [join(dataDir, 'instruments'), SHIPPED_DIR]) {
    if (!existsSync(dir)) continue;
    for (const name of readdirSync(dir)) {
      if (name.endsWith('.json')) names.add(name.slice(0, -'.json'.length));
    }
  }
  return [...names].sort();
}

function locate(query: InstrumentQuery): { path: string; source: string } {
  if (query.file !== undefined) return { path: query.file, source: query.file };
  // A symbol becomes part of a path: nothing but a plain name may.
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$/.test(query.symbol)) {
    const own = join(query.dataDir, 'instruments', `${query.symbol}.json`);
    if (existsSync(own)) return { path: own, source: own };
    const shipped = join(SHIPPED_DIR, `${query.symbol}.json`);
    if (existsSync(shipped)) return { path: shipped, source: `shipped:${query.symbol}.json` };
  }
  throw new InputError(
    `no instrument "${query.symbol}": known are ${knownSymbols(query.dataDir).join(', ')}; ` +
      `for another, write an instrument file (docs/data.md) and give it with --instrument`,
  );
}

function readInstrumentFile(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch {
    throw new InputError(`cannot read the instrument file ${path}: check the path`);
  }
}

function specOf(bytes: Buffer, path: string): InstrumentSpec {
  let json: unknown;
  try {
    json = JSON.parse(bytes.toString('utf8'));
  } catch (error) {
    const why = error instanceof Error ? error.message.replaceAll('\n', ' ') : 'unreadable';
    throw new InputError(`instrument file ${path} is not JSON: ${why}`);
  }
  const result = parseInstrumentSpec(json);
  if ('problem' in result) throw new InputError(`instrument file ${path}: ${result.problem}`);
  return result.spec;
}

function compile(spec: InstrumentSpec, path: string): Instrument {
  try {
    return new Instrument(spec);
  } catch (error) {
    if (error instanceof InputError) {
      throw new InputError(`instrument file ${path}: ${error.message}`);
    }
    throw error;
  }
}
