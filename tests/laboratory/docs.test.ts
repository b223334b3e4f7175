import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { FAULTS, FAULT_KINDS } from '../../src/laboratory/faults.ts';
import { SCENARIOS } from '../../src/laboratory/scenarios/incidents.ts';
import { RULES } from '../../src/laboratory/violation.ts';

const page = readFileSync(new URL('../../docs/faults.md', import.meta.url), 'utf8');

describe('docs/faults.md', () => {
  it('lists every fault with what it does, and no other', () => {
    const rows = [...page.matchAll(/^\| `(\w+)` \| (\w+) \| (\w+) \| (.*) \|$/gm)];
    const written = rows.map(([, kind, family, strikes, says]) => [kind, family, strikes, says]);
    const known = FAULT_KINDS.map((kind) => {
      const { family, strikes, says } = FAULTS[kind];
      return [kind, family, strikes, says];
    });
    expect(written).toEqual(known);
  });

  it('lists every rule, and no other', () => {
    const rows = [...page.matchAll(/^\| \*{0,2}([A-Z]+\d*)\*{0,2} \| (.*) \|$/gm)];
    expect(rows.map(([, rule, says]) => [rule, says])).toEqual(Object.entries(RULES));
  });
});

describe('scenarios', () => {
  it('have names of their own', () => {
    expect(new Set(SCENARIOS.map(({ name }) => name)).size).toBe(SCENARIOS.length);
  });
});
