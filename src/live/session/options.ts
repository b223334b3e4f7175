import type { BotConfig } from '../journal/bot-config.ts';
import type { Instrument } from '../../engine/instrument.ts';
import type { Patience } from '../../engine/patience.ts';
import type { RiskLimits } from '../../engine/risk.ts';
import type { AnyStrategy, StrategySetup } from '../../engine/strategy.ts';

/** What makes two sessions alike: everything but the inputs. */
export type SessionOptions = {
  /** Six letters, digits or _: marks our orders among an account's. */
  readonly deployment: string;
  readonly configHash: string;
  readonly version: string;
  readonly instrument: Instrument;
  readonly strategy: AnyStrategy;
  readonly setup: StrategySetup<unknown>;
  readonly risk: RiskLimits;
  readonly patience: Patience;
  /** Settle money units; NaN where sizing does not need it. */
  readonly capitalMoney: number;
  /** The same as data, for the journal's header: a journal says what it takes to replay it. */
  readonly config?: BotConfig;
};
