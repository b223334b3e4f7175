import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { temporaryName } from '../feeds/atomic-write.ts';
import { METRICS, METRIC_COUNT } from './metrics/registry.ts';
import { valueAt } from './points.ts';
import type { PointSet } from './points.ts';

const LINES_PER_WRITE = 1_000;

/** Columns of points.csv, in order. */
export function pointColumns(points: PointSet): string[] {
  const params = points.axes.map(({ name }) => name);
  return ['id', ...params, ...METRICS.map(({ name }) => name), 'plateau_score'];
}

/** A line per point; n/a is empty, numbers are the shortest text that reads back the same. */
export function writePointsCsv(
  path: string, points: PointSet, rows: Float64Array, plateau: Float64Array,
): void {
  const temporary = temporaryName(path);
  const file = openSync(temporary, 'w');
  try {
    writeSync(file, `${pointColumns(points).join(',')}\n`);
    for (let first = 0; first < points.count; first += LINES_PER_WRITE) {
      const last = Math.min(points.count, first + LINES_PER_WRITE);
      const lines: string[] = [];
      for (let id = first; id < last; id += 1) lines.push(lineOf(points, rows, plateau, id));
      const bytes = Buffer.from(lines.join(''));
      for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
    }
    fsyncSync(file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  } finally {
    closeSync(file);
  }
  renameSync(temporary, path);
}

function lineOf(
  points: PointSet, rows: Float64Array, plateau: Float64Array, id: number,
): string {
  let line = String(id);
  for (let axis = 0; axis < points.axes.length; axis += 1) {
    line += `,${quoted(String(valueAt(points, id, axis) ?? ''))}`;
  }
  const at = id * METRIC_COUNT;
  for (let column = at; column < at + METRIC_COUNT; column += 1) line += `,${number(rows[column])}`;
  return `${line},${number(plateau[id])}\n`;
}

function number(value: number | undefined): string {
  return value === undefined || Number.isNaN(value) ? '' : String(value);
}

function quoted(text: string): string {
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
