import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** A rule is defined where its id stands in bold. */
const DEFINED = /\*\*(R-[A-Z]{3}-\d+|[SLDR]\d{1,2})\*\*/g;
const NAMED = /\b(?:R-[A-Z]{3}-\d+|[SLDR]\d{1,2})\b/g;
/** What the laboratory checks (docs/faults.md), and what was learnt on a real account. */
const LABORATORY = [...ids('S', 11), ...ids('L', 5), ...ids('D', 2), ...ids('R', 11)];
const TITLE = /\b(?:it|test|describe)(?:\.\w+)*(?:\([^()]*\))?\(\s*(['"`])((?:(?!\1).)*)\1/gs;

function ids(letter: string, count: number): string[] {
  return Array.from({ length: count }, (_, at) => `${letter}${at + 1}`);
}

function filesUnder(folder: string, ending: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending))
    .map((name) => join(ROOT, folder, name));
}

function definedIds(): string[] {
  const pages = filesUnder('docs', '.md').map((file) => readFileSync(file, 'utf8'));
  return pages.flatMap((text) => [...text.matchAll(DEFINED)].map((match) => match[1] ?? ''));
}

function idsInTitles(): string[] {
  const tests = filesUnder('tests', '.test.ts').map((file) => readFileSync(file, 'utf8'));
  const titles = tests.flatMap((text) => [...text.matchAll(TITLE)].map((match) => match[2] ?? ''));
  return titles.flatMap((title) => [...title.matchAll(NAMED)].map(([id]) => id));
}

describe('rules of the documentation', () => {
  const defined = definedIds();
  const shown = new Set(idsInTitles());

  it('have one definition each', () => {
    const twice = defined.filter((id, at) => defined.indexOf(id) !== at);
    expect(twice).toEqual([]);
    expect(defined.length).toBeGreaterThan(30);
    expect(defined).toEqual(expect.arrayContaining(LABORATORY));
  });

  it('are each shown by a test whose title carries the id', () => {
    expect(defined.filter((id) => !shown.has(id))).toEqual([]);
  });

  it('are the only ones that titles name', () => {
    const known = new Set(defined);
    expect([...shown].filter((id) => !known.has(id))).toEqual([]);
  });
});
