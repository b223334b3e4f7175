import { readFileSync } from 'node:fs';
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
  it.each(MUTANTS)('is aimed at a text that stands in the sources once: $name', ({ patches }) => {
    for (const { file, find } of patches) {
      const parts = readFileSync(new URL(file, root), 'utf8').split(find);
      expect([file, parts.length - 1]).toEqual([file, 1]);
    }
  });
});
