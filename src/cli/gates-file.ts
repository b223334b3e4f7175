import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { InputError } from '../engine/invariant.ts';
import { laxerThan, parseGates } from '../live/deployment/gate-config.ts';
import type { GateConfig } from '../live/deployment/gate-config.ts';

/** Relative to this module, so that it holds from any working directory, built or not. */
const SHIPPED = fileURLToPath(new URL('../../data/gates.json', import.meta.url));

export type ChosenGates = {
  readonly source: string;
  readonly config: GateConfig;
  readonly laxer: string[];
};

/** The shipped thresholds, or a file's over them. */
export function readGates(file: string | undefined): ChosenGates {
  const shipped = configOf(SHIPPED, undefined);
  if (file === undefined) return { source: 'shipped', config: shipped, laxer: [] };
  const config = configOf(file, shipped);
  return { source: basename(file), config, laxer: laxerThan(shipped, config) };
}

function configOf(path: string, shipped: GateConfig | undefined): GateConfig {
  const parsed = parseGates(jsonOf(path), shipped);
  if (parsed.ok) return parsed.config;
  throw new InputError(`gates ${path}: ${parsed.problem}`);
}

function jsonOf(path: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    throw new InputError(`cannot read the gates ${path}: check the path`);
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new InputError(`gates ${path} is not JSON`);
  }
}
