import { canonicalJson } from '../../feeds/canonical-json.ts';
import { deployment as schema } from './manifest.ts';
import type { Deployment, DeploymentBody } from './manifest.ts';
import { partHash } from './part-hash.ts';

/** Seals a body: hashes of its parts, one over all, and the id that follows from it. */
export function sealDeployment(body: DeploymentBody): Deployment {
  const hashes = Object.fromEntries(
    Object.entries(body).map(([name, part]) => [name, partHash(part)]),
  );
  const sha256 = partHash({ ...body, hashes });
  return { ...body, hashes, sha256, deployment: idOf(sha256) };
}

/** The file's text: names in order, two spaces, a newline. Any other text is not the file. */
export function deploymentText(deployment: object): string {
  return `${JSON.stringify(JSON.parse(canonicalJson(deployment)), undefined, 2)}\n`;
}

export type ParsedDeployment =
  | { readonly ok: true; readonly deployment: Deployment }
  | { readonly ok: false; readonly problem: string };

const CHANGED = 'promote again, or restore the file';

/** Reads a manifest's text, or says in a phrase what was changed. Never throws. */
export function parseDeployment(text: string): ParsedDeployment {
  const raw = rawOf(text);
  if (raw === undefined) return refused(`it is not JSON any more; ${CHANGED}`);
  if (raw['schema'] !== 'lockstep.deployment') {
    return refused('it is no deployment manifest; lockstep promote writes one');
  }
  if (typeof raw['version'] === 'number' && raw['version'] > 1) {
    return refused(`its version ${raw['version']} is newer than this program; use a newer one`);
  }
  const { hashes, sha256, deployment, ...body } = raw;
  const changed = changedParts(body, hashes);
  if (changed.length > 0) {
    return refused(`changed since it was written: ${changed.join(', ')}; ${CHANGED}`);
  }
  if (sha256 !== partHash({ ...body, hashes })) {
    return refused(`changed since it was written: sha256; ${CHANGED}`);
  }
  if (deployment !== idOf(sha256)) {
    return refused(`changed since it was written: deployment; ${CHANGED}`);
  }
  const parsed = schema.safeParse(raw);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return refused(`${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not as expected'}`);
  }
  if (deploymentText(raw) !== text) {
    return refused(`changed since it was written: its layout; ${CHANGED}`);
  }
  return { ok: true, deployment: parsed.data };
}

function refused(problem: string): ParsedDeployment {
  return { ok: false, problem };
}

function rawOf(text: string): Record<string, unknown> | undefined {
  try {
    const json: unknown = JSON.parse(text);
    if (typeof json !== 'object' || json === null || Array.isArray(json)) return undefined;
    return { ...json };
  } catch {
    return undefined;
  }
}

/** Parts whose hash is not the one written beside them, or that only one side names. */
function changedParts(body: Readonly<Record<string, unknown>>, hashes: unknown): string[] {
  if (typeof hashes !== 'object' || hashes === null) return ['hashes'];
  const written = new Map(Object.entries(hashes));
  const names = [...new Set([...Object.keys(body), ...written.keys()])];
  return names.filter(
    (name) => !Object.hasOwn(body, name) || written.get(name) !== partHash(body[name]),
  );
}

/** Six of a-z 0-9: 31 bits of the hash, enough to tell the bots of one account apart. */
function idOf(sha256: unknown): string {
  const number = BigInt(`0x${String(sha256).slice(0, 16)}`) % 36n ** 6n;
  return number.toString(36).padStart(6, '0');
}
