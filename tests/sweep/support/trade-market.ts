import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadInstrument } from '../../../src/feeds/instruments.ts';
import { synthesiseTrades } from '../../../src/feeds/synth-trades.ts';
import { synthRecipe } from '../../../src/feeds/synthetic.ts';
import { TradeStore } from '../../../src/feeds/trade-store.ts';

/** A store of its own with synthetic trades of BTCUSDT. */
export async function tradesDir(days: number): Promise<string> {
  const dataDir = mkdtempSync(join(tmpdir(), 'trades-test-'));
  const { instrument } = loadInstrument({ symbol: 'BTCUSDT', dataDir });
  const fromMs = Date.UTC(2024, 0, 1);
  const toMs = fromMs + days * 86_400_000;
  const options = { instrument, intervalMs: 60_000, fromMs, toMs, seed: 5 };
  const store = new TradeStore(dataDir, instrument, 'synthetic');
  for (const rows of synthesiseTrades(options)) {
    await store.putSynthetic(rows, { seed: 5, recipe: synthRecipe(options) });
  }
  return dataDir;
}
