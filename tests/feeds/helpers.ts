import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll } from 'vitest';
import type { Instrument } from '../../src/engine/instrument.ts';
import { InputError } from '../../src/engine/invariant.ts';
import { loadInstrument } from '../../src/feeds/instruments.ts';
import type { SeriesKey } from '../../src/feeds/series-key.ts';

export const MINUTE = 60_000;
export const START = Date.UTC(2024, 0, 1);
export const HEADER = 'timestamp_ms,open,high,low,close,volume';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A folder that is gone after the test file. */
export function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-feeds-'));
  folders.push(folder);
  return folder;
}

export function shipped(symbol = 'BTCUSDT'): Instrument {
  return loadInstrument({ symbol, dataDir: scratch() }).instrument;
}

export const CANDLES: SeriesKey = {
  kind: 'candles',
  category: 'linear',
  symbol: 'BTCUSDT',
  interval: '1m',
  origin: 'real',
};

export function file(dir: string, name: string, content: string | Uint8Array): string {
  const path = join(dir, name);
  writeFileSync(path, content);
  return path;
}

/** Every file under a folder with its bytes. */
export function tree(dir: string): Record<string, string> {
  const names = readdirSync(dir, { recursive: true, encoding: 'utf8' }).sort();
  const files = names.filter((name) => statSync(join(dir, name)).isFile());
  return Object.fromEntries(
    files.map((name) => [name, readFileSync(join(dir, name)).toString('base64')]),
  );
}

/** The message of the InputError; anything else fails the test. */
export async function refusal(run: () => unknown): Promise<string> {
  try {
    await run();
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
  throw new Error('nothing was refused');
}

export type Candle = {
  time: number;
  open: number;
  high: number;
  low: number;
  close: number;
  volumeSteps: number;
};

const ticks = fc.integer({ min: 1, max: 2 ** 31 - 1 });

const candle = fc
  .record({ a: ticks, b: ticks, c: ticks, d: ticks, volume: fc.integer({ min: 0, max: 1e9 }) })
  .map(({ a, b, c, d, volume }) => {
    const [low = 0, open = 0, close = 0, high = 0] = [a, b, c, d].sort((x, y) => x - y);
    return a < b
      ? { open, close, high, low, volumeSteps: volume }
      : { open: close, close: open, high, low, volumeSteps: volume };
  });

/** Valid minutes with gaps; the first two are neighbours, so the interval shows. */
export const candles: fc.Arbitrary<Candle[]> = fc
  .array(fc.tuple(candle, fc.integer({ min: 1, max: 5 })), { minLength: 2, maxLength: 40 })
  .map((rows) => {
    let time = START;
    return rows.map(([row, step], index) => {
      if (index > 0) time += MINUTE * (index === 1 ? 1 : step + (index % 3 === 0 ? 1 : 0));
      return { ...row, time };
    });
  });

export function csvOf(rows: readonly Candle[]): string {
  const price = (value: number): string => `${Math.floor(value / 10)}.${value % 10}`;
  const volume = (steps: number): string =>
    `${Math.floor(steps / 1000)}.${String(steps % 1000).padStart(3, '0')}`;
  const lines = rows.map((row) =>
    [
      row.time,
      price(row.open),
      price(row.high),
      price(row.low),
      price(row.close),
      volume(row.volumeSteps),
    ].join(','),
  );
  return `${[HEADER, ...lines].join('\n')}\n`;
}

/** Steady minutes, for tests about something else. */
export function minutes(count: number, first = 0): Candle[] {
  return Array.from({ length: count }, (_, offset) => {
    const index = first + offset;
    const open = 600_000 + ((index * 37) % 101);
    const time = START + index * MINUTE;
    return { time, open, high: open + 9, low: open - 7, close: open + 3, volumeSteps: index * 11 };
  });
}
