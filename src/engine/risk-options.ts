import type { Instrument } from './instrument.ts';
import { InputError } from './invariant.ts';
import { toUnits } from './rational.ts';
import { NO_RISK_LIMITS } from './risk.ts';
import type { RiskLimits } from './risk.ts';

/** Limits that stop entries and never exits, by option, in the units a person thinks in. */
export const RISK_OPTIONS = {
  'max-position':
    'largest net position, entries that may still fill counted in; base coin, or USD when inverse',
  'max-open-orders': 'orders that may stand at once; beyond it entries wait',
  'max-order-rate': 'orders in a sliding minute; beyond it entries wait',
  'price-collar': 'share of the known price a limit entry may lie beyond it, e.g. 0.02',
  'max-daily-loss': 'fall of the account in a UTC day that stops its entries; settle coin',
  'max-price-age': 'age of the last price beyond which no entry goes out: 10s, 1m',
} as const;

export type RiskName = keyof typeof RISK_OPTIONS;
export const RISK_NAMES = Object.keys(RISK_OPTIONS) as readonly RiskName[];

/** As given, by option; what is not here is not limited. */
export type RiskGiven = Readonly<Partial<Record<RiskName, string>>>;

const MS_OF_UNIT: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000 };
/** A feed is not asked for more than one price a second. */
const LEAST_PRICE_AGE_MS = 1_000;
const MOST_COUNT = 1_000_000;

/** In the engine's units. Every refusal is an InputError of one line. */
export function riskLimitsOf(given: RiskGiven, instrument: Instrument): RiskLimits {
  const read = (name: RiskName, unlimited: number, take: (text: string) => number): number => {
    const text = given[name];
    return text === undefined ? unlimited : take(text);
  };
  const { maxPositionSteps, maxOpenOrders, maxOrdersPerMinute } = NO_RISK_LIMITS;
  const { collarShare, maxDailyLossMoney, maxPriceAgeMs } = NO_RISK_LIMITS;
  return {
    maxPositionSteps: read('max-position', maxPositionSteps, (text) => steps(text, instrument)),
    maxOpenOrders: read('max-open-orders', maxOpenOrders, (text) => count('max-open-orders', text)),
    maxOrdersPerMinute: read('max-order-rate', maxOrdersPerMinute, (text) =>
      count('max-order-rate', text),
    ),
    collarShare: read('price-collar', collarShare, share),
    maxDailyLossMoney: read('max-daily-loss', maxDailyLossMoney, (text) => money(text, instrument)),
    maxPriceAgeMs: read('max-price-age', maxPriceAgeMs, age),
  };
}

function steps(text: string, instrument: Instrument): number {
  const { qtyStep, baseCurrency, quoteCurrency, category } = instrument.spec;
  const found = isDecimal(text) ? toUnits(text, qtyStep) : undefined;
  if (found !== undefined && found >= instrument.minQtySteps) return found;
  const unit = category === 'inverse' ? quoteCurrency : baseCurrency;
  throw refusal(
    'max-position',
    text,
    `a multiple of ${qtyStep} ${unit}, one order's minimum or more`,
  );
}

function count(name: RiskName, text: string): number {
  const found = /^\d{1,7}$/.test(text) ? Number(text) : NaN;
  if (found >= 1 && found <= MOST_COUNT) return found;
  throw refusal(name, text, `a whole number from 1 to ${MOST_COUNT}`);
}

function share(text: string): number {
  const found = isDecimal(text) ? Number(text) : NaN;
  if (found > 0 && found <= 1) return found;
  throw refusal('price-collar', text, 'a share above 0 and up to 1, such as 0.02');
}

function money(text: string, instrument: Instrument): number {
  const unit = `0.${'0'.repeat(instrument.moneyDigits - 1)}1`;
  const found = isDecimal(text) ? toUnits(text, unit) : undefined;
  if (found !== undefined && found > 0) return found;
  const { settleCurrency, moneyDigits } = instrument;
  throw refusal(
    'max-daily-loss',
    text,
    `a positive amount of ${settleCurrency} with at most ${moneyDigits} digits`,
  );
}

function age(text: string): number {
  const match = /^(\d{1,6})(s|m|h)$/.exec(text);
  const found = match === null ? NaN : Number(match[1]) * (MS_OF_UNIT[match[2] ?? ''] ?? NaN);
  if (found >= LEAST_PRICE_AGE_MS) return found;
  throw refusal('max-price-age', text, 'a length of time of 1s or more: write 10s, 1m');
}

function isDecimal(text: string): boolean {
  return /^\d{1,15}(\.\d{1,15})?$/.test(text);
}

function refusal(name: RiskName, text: string, expected: string): InputError {
  const shown = text.length > 40 ? `${text.slice(0, 37)}...` : text;
  return new InputError(`--${name} ${JSON.stringify(shown)} is not ${expected}`);
}
