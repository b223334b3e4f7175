import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { IndicatorNeed } from '../../src/engine/strategy.ts';
import type { Tape } from '../../src/market/tape.ts';
import { METRIC_COLUMN, METRIC_COUNT } from '../../src/sweep/metrics/registry.ts';
import { prepareRun } from '../../src/sweep/prepare.ts';
import type { PreparedRun } from '../../src/sweep/prepare.ts';
import {
  closesPart, METRICS_PART, PART_READY, partNames, ThreadParts, WALK_PART,
} from '../../src/sweep/shared-parts.ts';
import type { BuiltPart, SharedParts } from '../../src/sweep/shared-parts.ts';
import { daysPerRow, PointRunner } from '../../src/sweep/worker-runner.ts';
import { marketDir, specOf } from './support/market.ts';

let prepared: PreparedRun;
beforeAll(async () => {
  prepared = await prepareRun(specOf(await marketDir(12)));
});

describe('what threads build for each other', () => {
  it('gives every point the row that a thread alone finds, on any tape', () => {
    const gaps = fc.array(fc.record({ from: fc.nat(3_000), rows: fc.integer({ min: 1, max: 400 }) }), { maxLength: 4 });
    const params = fc.record({
      atrPeriod: fc.integer({ min: 3, max: 20 }),
      multiplier: fc.double({ min: 0.2, max: 1, noNaN: true }),
      anchor: fc.constantFrom('last-fill', 'trailing'),
    });
    let fills = 0;
    fc.assert(
      fc.property(gaps, params, (holes, point) => {
        const run = { ...prepared, tape: holes.reduce(without, prepared.tape) };
        const alone = rowOf(new PointRunner(run), run, point);
        const built = new Map<string, unknown>();
        expect(rowOf(new PointRunner(run, 'skip', recorded(built)), run, point)).toEqual(alone);
        expect([...built.keys()].slice(0, 2)).toEqual([WALK_PART, closesPart([atr(point.atrPeriod)])]);
        const travelled = new Map([...built].map(([name, part]) => [name, structuredClone(part)]));
        expect(rowOf(new PointRunner(run, 'skip', given(travelled)), run, point)).toEqual(alone);
        fills += alone[METRIC_COLUMN.fills] ?? 0;
      }),
      { numRuns: 25 },
    );
    expect(fills).toBeGreaterThan(200);
  });

  it('lies in shared memory, so that handing it on copies no column', () => {
    const built = new Map<string, unknown>();
    rowOf(new PointRunner(prepared, 'skip', recorded(built)), prepared, {});
    const columns = [...built.values()].flatMap(columnsOf).filter(({ length }) => length > 0);
    expect(columns.length).toBeGreaterThan(20);
    for (const { buffer } of columns) expect(buffer).toBeInstanceOf(SharedArrayBuffer);
  });

  it('is built once: who comes later gets the same memory', () => {
    const states = new Int32Array(new SharedArrayBuffer(8));
    const [first, second] = [threadOf(states), threadOf(states)];
    const part = first.parts.take('a', () => ({ column: new Int32Array(new SharedArrayBuffer(4)) }));
    expect(first.parts.isTaken('a')).toBe(true);
    expect(second.parts.isTaken('b')).toBe(false);
    const built = receiveMessageOnPort(first.main) as { message: BuiltPart };
    second.main.postMessage(built.message);
    Atomics.store(states, 0, PART_READY);
    const same = second.parts.take<typeof part>('a', () => expect.fail('built twice'));
    part.column[0] = 7;
    expect(same.column[0]).toBe(7);
    expect(first.parts.take<typeof part>('a', () => expect.fail('built twice'))).toBe(part);
    for (const { main } of [first, second]) main.close();
  });

  it('has a limit: closes that would fill the memory are each thread\'s own', () => {
    const years = { ...prepared, endMs: (prepared.tape.openTimeMs[0] ?? 0) + 2 * 365 * 86_400_000 };
    const minutes = [5, 6, 7].map((period) => [atr(period, 60_000)]);
    expect(partNames(years, minutes)).toEqual([WALK_PART, METRICS_PART, closesPart(minutes[0] ?? [])]);
    expect(partNames(prepared, minutes)).toHaveLength(5);
    const own = threadOf(new Int32Array(new SharedArrayBuffer(8)));
    expect(own.parts.take('c', () => 1) + own.parts.take('c', () => 2)).toBe(3);
    own.main.close();
  });
});

function atr(period: number, intervalMs = 3_600_000): IndicatorNeed {
  return { kind: 'atr', period, intervalMs };
}

function rowOf(
  runner: PointRunner, run: PreparedRun, params: Record<string, string | number>,
): number[] {
  const row = new Float64Array(METRIC_COUNT);
  const daily = new Float32Array(daysPerRow(run));
  runner.measure(params, row, 0, daily, 0);
  return [...row, ...daily];
}

function recorded(built: Map<string, unknown>): SharedParts {
  const take = <Part>(name: string, build: () => Part): Part => {
    const part = build();
    built.set(name, part);
    return part;
  };
  return { isTaken: () => false, take };
}

function given(parts: ReadonlyMap<string, unknown>): SharedParts {
  return { isTaken: (name) => parts.has(name), take: (name) => parts.get(name) as never };
}

function threadOf(states: Int32Array): { parts: ThreadParts; main: MessagePort } {
  const { port1, port2 } = new MessageChannel();
  return { parts: new ThreadParts(['a', 'b'], states, port1), main: port2 };
}

/** The tape with candles missing; its first and last stay. */
function without(tape: Tape, { from, rows }: { from: number; rows: number }): Tape {
  const keeps = (_: number, row: number): boolean =>
    row === 0 || row === tape.count - 1 || row < from || row >= from + rows;
  const [openTimeMs, volumeSteps] = [tape.openTimeMs.filter(keeps), tape.volumeSteps.filter(keeps)];
  const [open, high] = [tape.open.filter(keeps), tape.high.filter(keeps)];
  const [low, close] = [tape.low.filter(keeps), tape.close.filter(keeps)];
  return { ...tape, count: openTimeMs.length, openTimeMs, volumeSteps, open, high, low, close };
}

type Column = Int32Array | Float64Array | Uint8Array;

function columnsOf(value: unknown): Column[] {
  if (ArrayBuffer.isView(value)) return [value as Column];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(columnsOf);
}
