import * as z from 'zod';
import type { InstrumentSpec } from '../engine/instrument.ts';

/** Nothing trades outside these; a rate beyond them is a slipped decimal point. */
const MAX_FEE_RATE = 0.05;
const MIN_FEE_RATE = -0.01;

const decimal = (pattern: RegExp, example: string): z.ZodType<string> =>
  z
    .string({ error: `expected a decimal in quotes such as "${example}"` })
    .regex(pattern, { error: `expected a plain decimal such as "${example}"` });

const DIGITS = /^\d{1,15}(\.\d{1,15})?$/;
const SIGNED = /^-?\d{1,15}(\.\d{1,15})?$/;

const positive = (example: string): z.ZodType<string> =>
  decimal(DIGITS, example).refine((text) => Number(text) > 0, { error: 'must be above zero' });

const feeRate = decimal(SIGNED, '0.00055').refine(
  (text) => Number(text) >= MIN_FEE_RATE && Number(text) <= MAX_FEE_RATE,
  { error: `must be a fraction from ${MIN_FEE_RATE} to ${MAX_FEE_RATE} (0.00055 is 0.055 %)` },
);

const ratio = decimal(DIGITS, '0.005').refine((text) => Number(text) < 1, {
  error: 'must be a fraction below 1 (0.005 is 0.5 %)',
});

const fundingRate = decimal(SIGNED, '0.0001').refine((text) => Math.abs(Number(text)) <= 0.1, {
  error: 'must be a fraction from -0.1 to 0.1 per settlement (0.0001 is 0.01 %)',
});

const word = (what: string): z.ZodType<string> =>
  z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$/, { error: `expected ${what}` });

const fields = z.strictObject({
  symbol: word('a symbol of letters, digits, ".", "_" or "-"'),
  category: z.enum(['linear', 'inverse']),
  baseCurrency: word('a currency code'),
  quoteCurrency: word('a currency code'),
  tickSize: positive('0.10'),
  qtyStep: positive('0.001'),
  minQty: positive('0.001'),
  maxQty: positive('1190').optional(),
  maxMarketQty: positive('500').optional(),
  minNotional: positive('5').optional(),
  takerFeeRate: feeRate,
  makerFeeRate: feeRate,
  leverage: positive('1'),
  maxLeverage: positive('100'),
  maintenanceMarginRate: ratio,
  fundingIntervalMinutes: z.int().min(1).max(10_080).optional(),
  fallbackFundingRate: fundingRate.optional(),
});

type Fields = z.infer<typeof fields>;

/** The pairs of fields that must agree: each with what is wrong when they do not. */
const AGREEMENTS: readonly [keyof Fields, string, (spec: Fields) => boolean][] = [
  [
    'leverage',
    'must be from 1 to maxLeverage',
    (spec) => Number(spec.leverage) >= 1 && Number(spec.leverage) <= Number(spec.maxLeverage),
  ],
  ['maxQty', 'must be at least minQty', (spec) => atLeast(spec.maxQty, spec.minQty)],
  ['maxMarketQty', 'must be at least minQty', (spec) => atLeast(spec.maxMarketQty, spec.minQty)],
];

function atLeast(most: string | undefined, least: string): boolean {
  return most === undefined || Number(most) >= Number(least);
}

/** The spec, or what is wrong with it in one phrase. */
export function parseInstrumentSpec(
  json: unknown,
): { readonly spec: InstrumentSpec } | { readonly problem: string } {
  const parsed = fields.safeParse(json);
  if (!parsed.success) return { problem: phrase(parsed.error.issues) };
  for (const [field, problem, holds] of AGREEMENTS) {
    if (!holds(parsed.data)) return { problem: `"${field}" ${problem}` };
  }
  return { spec: parsed.data };
}

function phrase(issues: readonly z.core.$ZodIssue[]): string {
  const [first] = issues;
  if (first === undefined) return 'not an instrument';
  const more = issues.length > 1 ? ` (and ${issues.length - 1} more)` : '';
  if (first.code === 'unrecognized_keys') {
    const known = Object.keys(fields.shape).join(', ');
    return `unknown field "${first.keys.join('", "')}"; the fields are ${known}${more}`;
  }
  const where = first.path.length === 0 ? 'the file' : `"${first.path.join('.')}"`;
  return `${where}: ${first.message}${more}`;
}
