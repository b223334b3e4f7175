import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  METRICS,
  METRIC_COLUMN,
  METRIC_COUNT,
  metricValues,
} from '../../src/sweep/metrics/registry.ts';

const page = readFileSync(new URL('../../docs/metrics.md', import.meta.url), 'utf8');
const rows = page.split('\n').flatMap((line) => {
  const match = /^\| `(\w+)` \|([^|]*)\|/.exec(line);
  return match === null ? [] : [{ name: match[1] ?? '', unit: (match[2] ?? '').trim() }];
});

describe('the metrics page', () => {
  it.each(METRICS.map(({ name, unit }) => [name, unit]))(
    'defines %s once, in its unit',
    (name, unit) => {
      expect(rows.filter((row) => row.name === name)).toEqual([{ name, unit }]);
    },
  );

  it('defines nothing else', () => {
    const names = new Set<string>(METRICS.map(({ name }) => name));
    expect(rows.filter((row) => !names.has(row.name))).toEqual([]);
  });
});

describe('the registry', () => {
  it('gives each metric its own column', () => {
    expect(new Set(Object.values(METRIC_COLUMN)).size).toBe(METRICS.length);
    METRICS.forEach(({ name }, column) => expect(METRIC_COLUMN[name]).toBe(column));
  });

  it('reads a row at an offset, NaN as null', () => {
    const row = new Float64Array(METRIC_COUNT * 2).fill(7, METRIC_COUNT);
    row[METRIC_COUNT + METRIC_COLUMN.sharpe] = NaN;
    const values = metricValues(row, METRIC_COUNT);
    expect(values['netProfit']).toBe(7);
    expect(values['sharpe']).toBeNull();
    expect(Object.keys(values)).toEqual(METRICS.map(({ name }) => name));
  });
});
