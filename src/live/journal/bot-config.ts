import type { InstrumentSpec } from '../../engine/instrument.ts';
import type { ParameterValue } from '../../engine/parameters.ts';
import type { Patience } from '../../engine/patience.ts';
import type { RiskLimits } from '../../engine/risk.ts';

/** What a session is made from, as data: with it and the inputs, everything can be done again. */
export type BotConfig = {
  readonly strategy: string;
  readonly params: Readonly<Record<string, ParameterValue>>;
  readonly instrument: InstrumentSpec;
  readonly risk: RiskLimits;
  readonly patience: Patience;
  /** Settle money units; NaN where sizing does not need it. */
  readonly capitalMoney: number;
};
