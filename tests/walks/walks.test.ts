import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { judge } from './batch.ts';
import { makeCase } from './cases.ts';
import { Coverage } from './coverage.ts';
import { MUTANTS } from './mutants.ts';
import { spuriousDifference } from './spurious.ts';

/** `npm run fuzz:walks` runs more. */
const COUNT = 500;
const SPURIOUS_COUNT = 150;

/**
 * Cases that once differed: a band that an indicator moved onto the price in a gap (1647, 2287),
 * rounding after the anchor (2680, 3660, 4638).
 */
const KEPT = [1647, 2287, 2680, 3660, 4638];

test.each(KEPT)('case %i, which once differed, is the same under every walk', (number) => {
  expect(judge(number).difference).toBeUndefined();
});

/** What a walk of `adverse` that was taken back had wished, the next one sent. */
const KEPT_SPURIOUS = [1761];

test.each(KEPT_SPURIOUS)('case %i, which once differed when asked more, does not', (number) => {
  expect(spuriousDifference(makeCase(number), number)).toBeUndefined();
});

test('every-waypoint, every-candle and skip give the same runs', () => {
  const coverage = new Coverage();
  const different: string[] = [];
  for (let number = 1; number <= COUNT; number += 1) {
    const { features, difference } = judge(number);
    coverage.add(features);
    if (difference !== undefined) different.push(`case ${number}: ${difference}`);
  }
  expect(different).toEqual([]);
  expect(coverage.lacking()).toEqual([]);
}, 300_000);

test('asking a strategy more often than it wants changes nothing', () => {
  const different: string[] = [];
  for (let number = 1; number <= SPURIOUS_COUNT; number += 1) {
    const difference = spuriousDifference(makeCase(number), number);
    if (difference !== undefined) different.push(`case ${number}: ${difference}`);
  }
  expect(different).toEqual([]);
}, 300_000);

test.each(MUTANTS)('the text to seed the bug "$name" into is there', ({ file, find }) => {
  const source = readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');
  expect(source.split(find).length - 1).toBe(1);
});
