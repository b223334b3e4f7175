import { Instrument } from '../../engine/instrument.ts';
import { resolveParameters } from '../../engine/parameters.ts';
import { findStrategy } from '../../strategies/registry.ts';
import type { BotConfig } from '../journal/bot-config.ts';
import type { SessionOptions } from './options.ts';

export type SessionIdentity = {
  readonly deployment: string;
  readonly configHash: string;
  readonly version: string;
};

/** What a session needs, from what a deployment or a journal's header says. */
export function sessionOptionsOf(config: BotConfig, whose: SessionIdentity): SessionOptions {
  const instrument = new Instrument(config.instrument);
  const strategy = findStrategy(config.strategy);
  const params = resolveParameters(strategy.name, strategy.parameters, config.params);
  const { risk, patience, capitalMoney } = config;
  const setup = strategy.setup(params, instrument);
  const { deployment, configHash, version } = whose;
  return {
    deployment,
    configHash,
    version,
    instrument,
    strategy,
    setup,
    risk,
    patience,
    capitalMoney,
    config,
  };
}
