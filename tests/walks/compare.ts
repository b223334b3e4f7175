import type { Walk } from '../../src/brokers/simulated/row-search.ts';
import type { WalkCase } from './cases.ts';
import { walk, withoutAmends, withoutRows } from './outcome.ts';
import type { Outcome, Table, Walked } from './outcome.ts';

/** The walk that is compared with: it looks inside every candle and plays every close. */
const REFERENCE: Walk = 'every-waypoint';
/** One case in five is also run as a sweep runs it, without rows. */
const SWEEP_EVERY = 5;
const OTHERS: readonly Walk[] = ['every-candle', 'skip'];

export type Comparison = {
  /** The reference run, to see what the case has shown. */
  readonly reference: Walked;
  /** Amends that the skip walk did not play. */
  readonly amendsPassed: number;
  /** The first difference; undefined when all walks agree. */
  readonly difference: string | undefined;
};

/** Runs a case under all walks. */
export function compareWalks(test: WalkCase): Comparison {
  const reference = walk(test, REFERENCE);
  let difference: string | undefined;
  let amendsPassed = 0;
  for (const name of OTHERS) {
    const { outcome } = walk(test, name);
    const found = walkDifference(reference.outcome, outcome, name);
    if (found !== undefined) difference ??= `${REFERENCE} / ${name}: ${found}`;
    amendsPassed = rowCount(reference.outcome, 'audit') - rowCount(outcome, 'audit');
  }
  if (difference === undefined && test.world.latency.seed % SWEEP_EVERY === 0) {
    const { outcome } = walk(test, 'skip', false);
    const found = firstDifference(withoutRows(reference.outcome), withoutRows(outcome));
    if (found !== undefined) difference = `${REFERENCE} / skip as in a sweep: ${found}`;
  }
  return { reference, amendsPassed, difference };
}

function rowCount(outcome: Outcome, name: string): number {
  return outcome.tables.find((table) => table.name === name)?.rows.length ?? 0;
}

/**
 * The skip walk need not play every amend of a resting order that follows an indicator, so its
 * audit is compared without amends; the prices they led to stand in the book and in the fills.
 */
function walkDifference(expected: Outcome, actual: Outcome, name: Walk): string | undefined {
  if (name !== 'skip') return firstDifference(expected, actual);
  return firstDifference(withoutAmends(expected), withoutAmends(actual));
}

export function firstDifference(expected: Outcome, actual: Outcome): string | undefined {
  for (const [i, table] of expected.tables.entries()) {
    const other = actual.tables[i];
    const found = other === undefined ? `no ${table.name}` : tableDifference(table, other);
    if (found !== undefined) return found;
  }
  if (expected.error === actual.error) return undefined;
  return `error: ${expected.error ?? 'none'} / ${actual.error ?? 'none'}`;
}

function tableDifference(expected: Table, actual: Table): string | undefined {
  const rows = Math.max(expected.rows.length, actual.rows.length);
  for (let row = 0; row < rows; row += 1) {
    const [left, right] = [expected.rows[row], actual.rows[row]];
    if (left !== undefined && right !== undefined && areSame(left, right)) continue;
    const before = expected.rows.slice(Math.max(0, row - 3), row);
    return [
      `${expected.name} row ${row} of ${expected.rows.length} / ${actual.rows.length}`,
      ...before.map((each) => `    both ${rowText(expected, each)}`),
      `  expected ${rowText(expected, left)}`,
      `    actual ${rowText(actual, right)}`,
    ].join('\n');
  }
  return undefined;
}

function areSame(left: readonly number[], right: readonly number[]): boolean {
  if (left.length !== right.length) return false;
  for (let i = 0; i < left.length; i += 1) if (!Object.is(left[i], right[i])) return false;
  return true;
}

function rowText(table: Table, row: readonly number[] | undefined): string {
  if (row === undefined) return 'nothing';
  return row.map((value, i) => `${table.columns[i] ?? i} ${value}`).join(', ');
}
