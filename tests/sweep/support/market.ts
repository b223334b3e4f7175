import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadInstrument } from '../../../src/feeds/instruments.ts';
import { loadProfile } from '../../../src/feeds/profiles.ts';
import { DataStore } from '../../../src/feeds/store.ts';
import { synthesise, synthRecipe } from '../../../src/feeds/synthetic.ts';
import type { RunSpec } from '../../../src/sweep/run-spec.ts';

/** A store of its own with synthetic five-minute candles. */
export async function marketDir(days: number): Promise<string> {
  const dataDir = mkdtempSync(join(tmpdir(), 'sweep-test-'));
  const { instrument } = loadInstrument({ symbol: 'BTCUSD', dataDir });
  const fromMs = Date.UTC(2024, 0, 1);
  const options = { instrument, intervalMs: 300_000, fromMs, toMs: fromMs + days * 86_400_000, seed: 5 };
  await new DataStore(dataDir).putSynthetic(
    { kind: 'candles', category: 'inverse', symbol: 'BTCUSD', interval: '5m', origin: 'synthetic' },
    instrument, synthesise(options), { seed: 5, recipe: synthRecipe(options) },
  );
  return dataDir;
}

export function specOf(dataDir: string, rest: Partial<RunSpec> = {}): RunSpec {
  return {
    dataDir, symbol: 'BTCUSD', category: undefined, instrumentFile: undefined, interval: '5m',
    origin: undefined, fromMs: undefined, toMs: undefined, warmupMs: 0, strategy: 'atr-grid',
    params: {}, path: 'direction', execution: loadProfile('home').profile, seed: 1,
    capital: undefined, leverage: undefined, risk: {}, ...rest,
  };
}
