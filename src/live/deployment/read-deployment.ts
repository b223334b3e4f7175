import { readFileSync, statSync } from 'node:fs';
import { InputError } from '../../engine/invariant.ts';
import { programCode } from '../program-code.ts';
import { checkDeployment } from './check.ts';
import type { Environment } from './gates.ts';
import type { Deployment } from './manifest.ts';
import { parseDeployment } from './seal.ts';

/** No manifest is near this long: whatever is, is something else. */
const MOST_BYTES = 2 ** 22;

/** A manifest as it was written; whether it may be started is another question. */
export function readDeployment(path: string): Deployment {
  const parsed = parseDeployment(textOf(path));
  if (parsed.ok) return parsed.deployment;
  throw new InputError(`deployment ${path}: ${parsed.problem}`);
}

/** The manifest to start from, or one line that names everything that no longer matches. */
export function openDeployment(path: string, environment: Environment): Deployment {
  const deployment = readDeployment(path);
  const problems = checkDeployment(deployment, { code: programCode(), environment });
  if (problems.length === 0) return deployment;
  throw new InputError(`deployment ${path} cannot be started: ${problems.join('; ')}`);
}

function textOf(path: string): string {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) {
    throw new InputError(`no deployment ${path}: lockstep promote writes one`);
  }
  if (!stat.isFile() || stat.size > MOST_BYTES) {
    throw new InputError(`${path} is no deployment manifest: give the file lockstep promote wrote`);
  }
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw new InputError(`cannot read ${path}: check its permissions`);
  }
}
