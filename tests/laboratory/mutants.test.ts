import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

type Mutant = {
  readonly name: string;
  readonly patches: readonly { readonly file: string; readonly find: string }[];
};

const root = new URL('../../', import.meta.url);
const MUTANTS = JSON.parse(
  readFileSync(new URL('scripts/mutants/mutants.json', root), 'utf8'),
) as readonly Mutant[];

describe('a mutant', () => {
  it('is killed: one that forgets what was counted, one that sends before it is durable', () => {
    const script = fileURLToPath(new URL('scripts/mutants.mjs', root));
    const words = ['noDedupe,noFsync', '--quick', '--seeds', '3', '--hours', '1'];
    const run = spawnSync(process.execPath, [script, ...words], { encoding: 'utf8' });
    expect(run.stdout).toMatch(/^noDedupe .*: killed; first seed \d: \w+$/m);
    expect(run.stdout).toMatch(/^noFsync .*: killed; first seed \d: S7$/m);
    expect(run.status).toBe(0);
  });

  it.each(MUTANTS)('is aimed at a text that stands in the sources once: $name', ({ patches }) => {
    for (const { file, find } of patches) {
      const parts = readFileSync(new URL(file, root), 'utf8').split(find);
      expect([file, parts.length - 1]).toEqual([file, 1]);
    }
  });
});
