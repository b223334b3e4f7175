import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { MUTANTS } from './mutants.ts';
import type { Mutant } from './mutants.ts';
import { runFuzz } from './processes.ts';

/** Every mutant must differ within this many cases. */
const MOST_CASES = 500;

const project = fileURLToPath(new URL('../../', import.meta.url));
const COPIED = ['src', 'tests/walks', 'tests/fixtures', 'tests/reference', 'package.json'];

/** Seeds each bug into a copy of the sources and compares the walks there until they differ. */
export async function catchMutants(): Promise<boolean> {
  let caught = 0;
  for (const mutant of MUTANTS) {
    const found = await firstCaught(mutant);
    if (found !== undefined) caught += 1;
    const verdict = found === undefined ? `NOT CAUGHT in ${MOST_CASES} cases` : `case ${found}`;
    console.log(`${mutant.name} (${mutant.file}): ${verdict}`);
  }
  console.log(`${caught} of ${MUTANTS.length} seeded bugs caught`);
  return caught === MUTANTS.length;
}

/** Number of the first case in which the mutant's walks differ. */
async function firstCaught(mutant: Mutant): Promise<number | undefined> {
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-mutant-'));
  try {
    for (const path of COPIED) cpSync(join(project, path), join(folder, path), { recursive: true });
    for (const path of ['node_modules', 'data'])
      symlinkSync(join(project, path), join(folder, path));
    seed(folder, mutant);
    const different: number[] = [];
    await runFuzz({
      root: pathToFileURL(`${folder}/`),
      first: 1,
      count: MOST_CASES,
      onResult(result) {
        if (result.difference !== undefined) different.push(result.number);
        return different.length > 0;
      },
    });
    return different.length > 0 ? Math.min(...different) : undefined;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A mutant whose text is no longer there tests nothing: it must be aimed anew. */
function seed(folder: string, mutant: Mutant): void {
  const path = join(folder, mutant.file);
  const parts = readFileSync(path, 'utf8').split(mutant.find);
  if (parts.length !== 2) {
    const times = parts.length - 1;
    throw new Error(`mutant "${mutant.name}": its text is ${times} times in ${mutant.file}`);
  }
  writeFileSync(path, parts.join(mutant.replace));
}
