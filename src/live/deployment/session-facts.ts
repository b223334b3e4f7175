import { Instrument } from '../../engine/instrument.ts';
import { InputError } from '../../engine/invariant.ts';
import { toUnits } from '../../engine/rational.ts';
import type { RiskLimits } from '../../engine/risk.ts';
import { parseInstrumentSpec } from '../../feeds/instrument-schema.ts';
import { findStrategy } from '../../strategies/registry.ts';
import type { SessionOptions } from '../session/options.ts';
import type { Deployment, RiskText } from './manifest.ts';

/** Everything of a session that the manifest determines; the rest is the shell's. */
export function sessionFactsOf(deployment: Deployment): Omit<SessionOptions, 'patience'> {
  const instrument = instrumentOf(deployment);
  const strategy = findStrategy(deployment.strategy);
  const { capital } = deployment;
  return {
    deployment: deployment.deployment,
    configHash: deployment.sha256,
    version: deployment.code.version,
    instrument,
    strategy,
    setup: strategy.setup(deployment.parameters, instrument),
    risk: riskLimitsOf(deployment.risk, instrument),
    capitalMoney: capital === null ? NaN : moneyOf('capital', capital, instrument),
  };
}

export function instrumentOf(deployment: Deployment): Instrument {
  const parsed = parseInstrumentSpec(deployment.instrument);
  if ('problem' in parsed) throw new InputError(`deployment: instrument: ${parsed.problem}`);
  return new Instrument(parsed.spec);
}

export function riskLimitsOf(risk: RiskText, instrument: Instrument): RiskLimits {
  const { maxPosition, maxOpenOrders, maxOrdersPerMinute, collarPercent, maxDailyLoss } = risk;
  return {
    maxPositionSteps: maxPosition === null ? Infinity : instrument.parseQty(maxPosition),
    maxOpenOrders: maxOpenOrders ?? Infinity,
    maxOrdersPerMinute: maxOrdersPerMinute ?? Infinity,
    collarShare: collarPercent === null ? Infinity : collarPercent / 100,
    maxDailyLossMoney:
      maxDailyLoss === null ? Infinity : moneyOf('maxDailyLoss', maxDailyLoss, instrument),
  };
}

function moneyOf(what: string, text: string, instrument: Instrument): number {
  const units = toUnits(text, `0.${'0'.repeat(instrument.moneyDigits - 1)}1`);
  if (units !== undefined && units > 0) return units;
  throw new InputError(
    `${what} ${text} is not a positive amount of ${instrument.settleCurrency} ` +
      `with at most ${instrument.moneyDigits} digits`,
  );
}
