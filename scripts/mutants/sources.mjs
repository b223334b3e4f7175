// A copy of the sources with one lesson un-learnt.
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const COPIED = ['src', 'tests', 'docs', 'data', 'scripts', 'bin', 'package.json', 'tsconfig.json',
  'vitest.config.ts'];

/** Gives `use` a folder with the program as it is, or as `mutant` makes it, and takes it away again. */
export async function withSources(mutant, use) {
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-mutant-'));
  try {
    for (const each of COPIED) cpSync(join(root, each), join(folder, each), { recursive: true });
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    for (const patch of mutant?.patches ?? []) apply(folder, mutant.name, patch);
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A mutant whose text is no longer there tests nothing: it must be aimed anew. */
function apply(folder, name, { file, find, replace }) {
  const path = join(folder, file);
  const parts = readFileSync(path, 'utf8').split(find);
  if (parts.length !== 2) {
    throw new Error(`mutant ${name}: its text is ${parts.length - 1} times in ${file}`);
  }
  writeFileSync(path, parts.join(replace));
}
