import { Instrument } from '../../engine/instrument.ts';
import type { InstrumentSpec } from '../../engine/instrument.ts';
import { InputError } from '../../engine/invariant.ts';
import type { Patience } from '../../engine/patience.ts';
import { toUnits } from '../../engine/rational.ts';
import { parseInstrumentSpec } from '../../feeds/instrument-schema.ts';
import type { BotConfig } from '../journal/bot-config.ts';
import type { SessionIdentity } from '../session/session-of.ts';
import type { Deployment } from './manifest.ts';
import { riskLimitsOf } from '../../engine/risk-options.ts';

/** Whose journal and orders these are: the manifest's id, and its hash for its configuration. */
export function identityOf({ deployment, sha256, code }: Deployment): SessionIdentity {
  return { deployment, configHash: sha256, version: code.version };
}

/** Everything that trades, as the manifest pins it; patience is the shell's. */
export function botConfigOf(deployment: Deployment, patience: Patience): BotConfig {
  const spec = instrumentSpecOf(deployment);
  const instrument = new Instrument(spec);
  const { strategy, parameters: params, capital, risk } = deployment;
  return {
    strategy,
    params,
    instrument: spec,
    risk: riskLimitsOf(risk, instrument),
    patience,
    capitalMoney: capital === null ? NaN : moneyOf('capital', capital, instrument),
  };
}

function instrumentSpecOf(deployment: Deployment): InstrumentSpec {
  const parsed = parseInstrumentSpec(deployment.instrument);
  if ('problem' in parsed) throw new InputError(`deployment: instrument: ${parsed.problem}`);
  return parsed.spec;
}

function moneyOf(what: string, text: string, instrument: Instrument): number {
  const units = toUnits(text, `0.${'0'.repeat(instrument.moneyDigits - 1)}1`);
  if (units !== undefined && units > 0) return units;
  throw new InputError(
    `${what} ${text} is not a positive amount of ${instrument.settleCurrency} ` +
      `with at most ${instrument.moneyDigits} digits`,
  );
}
