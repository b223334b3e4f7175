import type { MetricDefinition } from '../sweep/results.ts';

/** The currencies a report's units stand for. */
export type Currencies = {
  readonly settle: string;
  readonly quote: string;
  /** What quantities count: the base coin, or contracts of one quote unit. */
  readonly qty: string;
};

const DOLLAR_LIKE = new Set(['USD', 'USDT', 'USDC', 'EUR', 'GBP', 'JPY', 'CHF']);
/** A coin's cents are worth dollars: amounts in coins show more digits than dollars do. */
const COIN_DIGITS = 6;
const DOLLAR_DIGITS = 2;
const HOUR_MS = 3_600_000;

export function amountDigits(currency: string, digits: number): number {
  return DOLLAR_LIKE.has(currency)
    ? Math.min(digits, DOLLAR_DIGITS)
    : Math.max(digits, COIN_DIGITS);
}

/** 1,234.50 with a real minus sign, so that columns align and a minus is not lost as a hyphen. */
export function formatNumber(value: number, digits: number): string {
  const fixed = Math.abs(value).toFixed(digits);
  const [whole = '0', fraction] = fixed.split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  const negative = value < 0 && Number(fixed) !== 0;
  return `${negative ? '−' : ''}${grouped}${fraction === undefined ? '' : `.${fraction}`}`;
}

export function formatAmount(value: number, currency: string, digits = 2): string {
  return `${formatNumber(value, amountDigits(currency, digits))} ${currency}`;
}

/** A metric with its unit; null is n/a, whose reason stands beside it. */
export function formatMetric(
  value: number | null | undefined,
  definition: MetricDefinition,
  currencies: Currencies,
): string {
  if (value === null || value === undefined || Number.isNaN(value)) return 'n/a';
  if (value === Infinity) return '∞';
  if (value === -Infinity) return '−∞';
  const { unit, digits } = definition;
  if (unit === 'ms') return formatDuration(value);
  if (unit === 'settle' || unit === 'quote') return formatAmount(value, currencies[unit], digits);
  if (unit === '%') return `${formatNumber(value, digits)} %`;
  if (unit === 'x') return `${formatNumber(value, digits)}×`;
  const named = unitText(unit, currencies);
  return named === '' ? formatNumber(value, digits) : `${formatNumber(value, digits)} ${named}`;
}

/** The two largest units that matter: `3 d 4 h`, `12 min 5 s`, `250 ms`. */
export function formatDuration(ms: number): string {
  const sign = ms < 0 ? '−' : '';
  const size = Math.abs(ms);
  if (size < 1000) return `${sign}${formatNumber(size, size < 10 && size % 1 !== 0 ? 1 : 0)} ms`;
  const units = [
    ['d', 24 * HOUR_MS],
    ['h', HOUR_MS],
    ['min', 60_000],
    ['s', 1000],
  ] as const;
  const first = units.findIndex(([, unitMs]) => size >= unitMs);
  const [name, unitMs] = units[first] ?? units[3];
  const whole = Math.floor(size / unitMs);
  const next = units[first + 1];
  const rest = next === undefined ? 0 : Math.floor((size % unitMs) / next[1]);
  const tail = next === undefined || rest === 0 ? '' : ` ${rest} ${next[0]}`;
  return `${sign}${formatNumber(whole, 0)} ${name}${tail}`;
}

export function formatHours(hours: number): string {
  return formatDuration(hours * HOUR_MS);
}

/** 2024-01-31 14:05 UTC; seconds only when there are any. */
export function formatTime(ms: number): string {
  if (!Number.isFinite(ms)) return 'n/a';
  const iso = new Date(ms).toISOString();
  const seconds = ms % 60_000 === 0 ? '' : iso.slice(16, 19);
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)}${seconds} UTC`;
}

/** An ISO instant as people read it; text that is no date stays as it is. */
export function formatIso(iso: string): string {
  const ms = Date.parse(iso);
  return Number.isNaN(ms) ? iso : formatTime(ms);
}

/** The unit as it stands behind a number or in a column's head. */
export function unitText(unit: string, currencies: Currencies): string {
  if (unit === 'settle' || unit === 'quote' || unit === 'qty') return currencies[unit];
  return unit;
}

/** Numbers in embedded data: seven significant digits are more than any screen shows. */
export function compact(value: number): number | null {
  return Number.isFinite(value) ? Number(value.toPrecision(7)) : null;
}
