import { MIN_DAYS, MIN_TRADES } from './metrics/gates.ts';
import type { PreparedRun } from './prepare.ts';
import type { MetricValues, RunHeader, Warning } from './results.ts';
import type { RunRecord } from './run-record.ts';

const LONG_GAP_MS = 3_600_000;

export type Warned = {
  readonly prepared: PreparedRun;
  readonly header: RunHeader;
  readonly record: RunRecord;
  readonly values: MetricValues;
};

type Rule = readonly [code: string, text: (warned: Warned) => string | undefined];

/** What a reader must know before believing the number; the heaviest first. */
const RULES: readonly Rule[] = [
  ['synthetic', ({ header }) => header.synthetic
    ? 'The prices were generated, not traded: nothing here says what a market would have paid.'
    : undefined],
  ['liquidated', ({ record }) => Number.isNaN(record.liquidatedAtMs) ? undefined
    : `The position was liquidated at ${iso(record.liquidatedAtMs)}; the run ended there.`],
  ['few-trades', ({ values }) => {
    const trades = values['trades'] ?? 0;
    return trades < MIN_TRADES
      ? `Only ${trades} trades: below ${MIN_TRADES}, ratios per trade are not computed.` : undefined;
  }],
  ['short-period', ({ header }) => header.days < MIN_DAYS
    ? `The period is ${round(header.days)} days: below ${MIN_DAYS}, Sharpe and its like are not ` +
      'computed.'
    : undefined],
  ['open-loss', ({ values, header }) => {
    const open = values['openUnrealised'] ?? 0;
    return open < 0
      ? `A position is open at the end with a loss of ${amount(-open)} ${header.settleCurrency}, ` +
        'counted in the result as if closed at market.'
      : undefined;
  }],
  ['gap-held', (warned) => gapText(warned.header)],
  ['funding-fallback', ({ prepared }) => prepared.fundingSource !== 'fallback' ? undefined
    : 'No funding history: longs were charged the fallback rate of ' +
      `${prepared.instrument.fallbackFundingRate} per settlement, shorts received nothing.`],
  ['funding-partial', ({ prepared }) => partialFunding(prepared)],
  ['ideal-execution', ({ header }) => /^ideal($|\+)/.test(header.execution)
    ? 'Execution ideal has no delays and no volume limit: a bound for comparison, not a result.'
    : undefined],
  ['no-volume-limit', ({ header }) =>
    header.frictions['participation'] === 'off' && !/^ideal($|\+)/.test(header.execution)
      ? "Fills are not limited by the candles' volume." : undefined],
  ['through-zero', ({ header }) => header.frictions['throughTicks'] === 0
    ? 'Limit orders fill when the price touches them (--through 0): optimistic, no queue is ' +
      'modelled.'
    : undefined],
  ['sensitivity-path', ({ header }) => /^(high|low)-first$/.test(header.path)
    ? `Path ${header.path} is a sensitivity run: no bound, and no result by itself.` : undefined],
  ['capital-derived', ({ header, values }) => header.capital !== null ? undefined
    : capitalText(header, values['capital'] ?? null)],
];

export function warningsOf(warned: Warned): Warning[] {
  return RULES.flatMap(([code, textOf]) => {
    const text = textOf(warned);
    return text === undefined ? [] : [{ code, text }];
  });
}

function capitalText(header: RunHeader, capital: number | null): string {
  if (capital === null) return 'No capital was given and no position was held: no return exists.';
  return `No capital was given: returns are on ${amount(capital)} ${header.settleCurrency}, the ` +
    `largest position over the leverage of ${header.leverage}.`;
}

function gapText({ gaps }: RunHeader): string | undefined {
  const held = gaps.filter((gap) =>
    gap.positionHeld && Date.parse(gap.to) - Date.parse(gap.from) > LONG_GAP_MS);
  const first = held[0];
  if (first === undefined) return undefined;
  const more = held.length > 1 ? ` and ${held.length - 1} more` : '';
  return `A position was held across a gap of more than an hour in the data (${first.from} to ` +
    `${first.to}${more}): no fill and no stop was possible in it.`;
}

function partialFunding(prepared: PreparedRun): string | undefined {
  const { fundingSource, inputs, startMs, endMs, instrument } = prepared;
  const history = inputs.find((info) => info.key.kind === 'funding');
  const step = instrument.fundingIntervalMs;
  if (fundingSource !== 'history' || history === undefined || step === 0) return undefined;
  // A settlement at each end may lie outside the period without one being missing.
  if (history.fromMs - startMs <= step && endMs - history.toMs <= step) return undefined;
  return `The funding history runs from ${iso(history.fromMs)} to ${iso(history.toMs)}: outside it ` +
    'longs were charged the fallback rate, shorts received nothing.';
}

/** Eight digits do for coins; the result has them all. */
function amount(value: number): string {
  return String(Number(value.toFixed(8)));
}

function round(days: number): number {
  return Number(days.toFixed(1));
}

function iso(timeMs: number): string {
  return new Date(timeMs).toISOString().replace('.000Z', 'Z');
}
