import type { Instrument } from '../../engine/instrument.ts';
import { InputError } from '../../engine/invariant.ts';
import { toUnits } from '../../engine/rational.ts';
import type { RiskLimits } from '../../engine/risk.ts';

/** In the engine's units; what is not given is not limited. */
export function riskLimitsOf(
  given: Readonly<Record<string, string>>,
  instrument: Instrument,
): RiskLimits {
  const unit = `0.${'0'.repeat(instrument.moneyDigits - 1)}1`;
  const of = (name: string, read: (text: string) => number): number => {
    const text = given[name];
    if (text === undefined) return Infinity;
    const value = read(text);
    if (value > 0) return value;
    throw new InputError(`--${name} ${text} is not as expected`);
  };
  return {
    maxPositionSteps: of('max-position', (text) => instrument.parseQty(text)),
    maxOpenOrders: of('max-open-orders', Number),
    maxOrdersPerMinute: of('max-order-rate', Number),
    collarShare: of('price-collar', Number),
    maxDailyLossMoney: of('max-daily-loss', (text) => toUnits(text, unit) ?? NaN),
  };
}
