import type { ParameterValue } from '../engine/parameters.ts';
import type { PathModel } from '../market/path.ts';
import type { ExecutionProfile } from '../venue/execution-profile.ts';
import type { RiskGiven } from '../engine/risk-options.ts';

/** Everything that determines a run. Plain data: it goes into manifests and to workers. */
export type RunSpec = {
  readonly dataDir: string;
  readonly symbol: string;
  readonly category: 'linear' | 'inverse' | undefined;
  readonly instrumentFile: string | undefined;
  readonly interval: string;
  /** undefined: real where there is such a series, else synthetic. */
  readonly origin: 'real' | 'synthetic' | undefined;
  /** undefined: from the first candle. Inclusive. */
  readonly fromMs: number | undefined;
  /** undefined: to the end of the series. Exclusive. */
  readonly toMs: number | undefined;
  /** How far before fromMs indicators may read. */
  readonly warmupMs: number;
  readonly strategy: string;
  /** As given; defaults are filled in by the strategy. */
  readonly params: Readonly<Record<string, ParameterValue>>;
  readonly path: PathModel;
  readonly execution: ExecutionProfile;
  readonly seed: number;
  /** In the settle coin, as a decimal; undefined: derived from the largest notional. */
  readonly capital: string | undefined;
  /** undefined: the instrument's. */
  readonly leverage: number | undefined;
  readonly risk: RiskGiven;
};
