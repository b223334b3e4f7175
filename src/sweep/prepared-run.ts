import type { Instrument, InstrumentSpec } from '../engine/instrument.ts';
import type { RiskLimits } from '../engine/risk.ts';
import type { LoadedInstrument } from '../feeds/instruments.ts';
import type { SeriesInfo } from '../feeds/series-info.ts';
import type { FundingIndex } from '../market/funding-index.ts';
import type { Tape } from '../market/tape.ts';
import type { TradeTape } from '../market/trade-tape.ts';
import type { RunSpec } from './run-spec.ts';

/** A run's inputs, loaded and checked. Typed arrays over shared memory: workers map, not copy. */
export type PreparedRun = {
  readonly spec: RunSpec;
  readonly loaded: LoadedInstrument;
  readonly instrument: Instrument;
  readonly instrumentSpec: InstrumentSpec;
  /** Rows from the start of the warm-up to the end of the period. */
  readonly tape: Tape;
  /** For the path `trades`: what `tape` is the candles of. */
  readonly trades: TradeTape | undefined;
  readonly firstRow: number;
  readonly startMs: number;
  readonly endMs: number;
  readonly funding: FundingIndex;
  readonly fundingSource: 'history' | 'fallback' | 'none';
  /** Mark candles, where the store has them for the whole period: they decide over liquidation. */
  readonly markTape: Tape | undefined;
  readonly series: SeriesInfo;
  readonly inputs: readonly SeriesInfo[];
  readonly leverage: number;
  /** Money units; NaN = not given. */
  readonly capitalMoney: number;
  readonly risk: RiskLimits;
};
