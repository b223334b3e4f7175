import { basename } from 'node:path';
import { isoTime } from '../feeds/csv-time.ts';
import type { PreparedRun } from '../sweep/prepare.ts';
import type { RunRequest } from './run-options.ts';

/**
 * The command that does a run again: everything that determines it, and no folder, so that it is
 * the same text wherever it is run.
 */
export function commandOf(command: string, request: RunRequest, prepared: PreparedRun): string {
  const { spec, startMs, endMs, series, leverage } = prepared;
  const options: (readonly [string, string | undefined])[] = [
    ['symbol', spec.symbol],
    ['category', spec.category],
    ['instrument', spec.instrumentFile === undefined ? undefined : basename(spec.instrumentFile)],
    ['interval', spec.interval],
    ['from', isoTime(startMs)],
    ['to', isoTime(endMs)],
    ['warmup', spec.warmupMs === 0 ? undefined : durationText(spec.warmupMs)],
    ['strategy', spec.strategy],
    ...Object.entries(spec.params).map(([name, value]) => ['set', `${name}=${value}`] as const),
    ['path', spec.path],
    ...request.execution.options,
    ['seed', String(spec.seed)],
    ['capital', spec.capital],
    ['leverage', String(leverage)],
    ...Object.entries(spec.risk),
  ];
  const words = options.flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name}`, shellWord(value)]);
  const synthetic = series.synthetic ? ['--synthetic'] : [];
  return ['lockstep', command, ...words, ...synthetic].join(' ');
}

function durationText(ms: number): string {
  for (const [unit, length] of [['d', 86_400_000], ['h', 3_600_000], ['m', 60_000]] as const) {
    if (ms % length === 0) return `${ms / length}${unit}`;
  }
  return `${ms}ms`;
}

function shellWord(text: string): string {
  return /^[\w=.,:/+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
