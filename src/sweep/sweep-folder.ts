import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '../engine/invariant.ts';
import { writeAtomic } from '../feeds/atomic-write.ts';
import { difference } from './sweep-identity.ts';
import type { SweepIdentity } from './sweep-identity.ts';
import { claimedChunks, removePartial } from './sweep-partial.ts';

export const MANIFEST = 'manifest.json';
const IDENTITY = 'sweep.json';

/** Files of a finished sweep; the manifest is written last and removed first. */
export const SWEEP_FILES = [
  MANIFEST, 'result.json', 'report.html', 'points.csv', 'points.parquet', 'daily-returns.f32',
  'daily-returns.json',
] as const;

/**
 * `no`: an unfinished sweep is in the way. `yes`: it is gone on with, and a finished one is left
 * as it is. `if-unfinished`: it is gone on with, and a finished one is made again.
 */
export type ResumeMode = 'no' | 'yes' | 'if-unfinished';

export type OpenedFolder =
  | { readonly finished: true }
  | { readonly finished: false; readonly partialDir: string };

/** Makes the folder ready for the sweep, or says in one line why it cannot be used. */
export function openFolder(out: string, identity: SweepIdentity, mode: ResumeMode): OpenedFolder {
  const partialDir = join(out, 'partial');
  const names = existsSync(out) ? readNames(out) : [];
  if (names.includes(MANIFEST)) {
    refuseOther(out, 'a finished run', readIdentity(join(out, MANIFEST)), identity);
    removePartial(partialDir);
    if (mode === 'yes') return { finished: true };
  } else {
    const unfinished = readIdentity(join(partialDir, IDENTITY));
    const strange = names.find((name) => !isOurs(name));
    if (strange !== undefined && unfinished === undefined) {
      throw new InputError(`--out ${out} holds other files (${strange}): choose an empty folder`);
    }
    if (unfinished !== undefined) refuseUnfinished(out, partialDir, unfinished, identity, mode);
    else removePartial(partialDir);
  }
  for (const name of SWEEP_FILES) rmSync(join(out, name), { force: true });
  mkdirSync(partialDir, { recursive: true });
  writeAtomic(join(partialDir, IDENTITY), [Buffer.from(`${JSON.stringify({ identity })}\n`)]);
  return { finished: false, partialDir };
}

function refuseUnfinished(
  out: string, partialDir: string, before: SweepIdentity, now: SweepIdentity, mode: ResumeMode,
): void {
  refuseOther(out, 'an unfinished sweep', before, now);
  if (mode !== 'no' || (claimedChunks(partialDir) ?? 0) === 0) return;
  throw new InputError(`${out} holds this sweep unfinished: add --resume to go on with it, or ` +
    'remove the folder to start again');
}

function refuseOther(
  out: string, what: string, before: SweepIdentity | undefined, now: SweepIdentity,
): void {
  const changed = before === undefined ? 'it is none of this kind' : difference(before, now);
  if (changed === undefined) return;
  throw new InputError(`--out ${out} holds ${what} of other settings (${changed}): choose another ` +
    'folder, or remove it');
}

function isOurs(name: string): boolean {
  return name === 'partial' || name.startsWith('.tmp-') || SWEEP_FILES.some((file) => file === name);
}

function readNames(out: string): string[] {
  try {
    return readdirSync(out);
  } catch {
    throw new InputError(`--out ${out} is not a folder: choose another name`);
  }
}

function readIdentity(path: string): SweepIdentity | undefined {
  try {
    const json = JSON.parse(readFileSync(path, 'utf8')) as { identity?: SweepIdentity };
    return json.identity;
  } catch {
    return undefined;
  }
}
