import { formatAmount, formatIso, formatNumber } from './format.ts';
import type { Currencies } from './format.ts';
import { html } from './html.ts';
import type { Html } from './html.ts';
import type { RunHeader, Warning } from '../sweep/results.ts';

/** Path models in words a stranger can judge; a name not listed stands for itself. */
const PATH_WORDS: Readonly<Record<string, string>> = {
  direction: 'inside a candle the price goes first against its direction, then with it',
  'high-first': 'inside every candle the high comes before the low (a sensitivity run, no bound)',
  'low-first': 'inside every candle the low comes before the high (a sensitivity run, no bound)',
  adverse: 'inside a candle the order of high and low that is worse for the strategy',
  trades: 'the recorded trades themselves',
};

export function currenciesOf(run: RunHeader): Currencies {
  const qty = run.category === 'inverse' ? run.quoteCurrency : run.baseCurrency;
  return { settle: run.settleCurrency, quote: run.quoteCurrency, qty };
}

/** What was run, on what, and how: the part a partner reads first. */
export function renderHeader(kind: string, run: RunHeader, extra: readonly Fact[]): Html {
  const period = `${formatIso(run.from)} to ${formatIso(run.to)}`;
  return html`<header class="top">
    ${run.synthetic ? SYNTHETIC : null}
    <p class="eyebrow">${kind}</p>
    <h1>${run.strategy} on ${run.symbol}</h1>
    <p class="lead">
      ${period} (${formatNumber(run.days, run.days < 10 ? 1 : 0)} days,
      ${formatNumber(run.candles, 0)} candles of ${run.interval})
    </p>
    <dl class="facts">
      ${shortFirst([...extra, ...runFacts(run)]).map(
        ([name, value]) =>
          html`<div class="${isWide(value) ? 'wide' : 'short'}">
            <dt>${name}</dt>
            <dd>${value}</dd>
          </div>`,
      )}
    </dl>
  </header>`;
}

export type Fact = readonly [name: string, value: string];

/** A long value gets a line of its own, below the short ones. */
const WIDE_TEXT = 60;

function isWide(value: string): boolean {
  return value.length > WIDE_TEXT;
}

function shortFirst(facts: readonly Fact[]): Fact[] {
  const short = facts.filter(([, value]) => !isWide(value));
  return [...short, ...facts.filter(([, value]) => isWide(value))];
}

const SYNTHETIC = html`<p class="synthetic" role="alert">
  <strong>SYNTHETIC DATA</strong> · The prices of this run were generated, not traded. Nothing here
  says what a real market would have paid.
</p>`;

export function renderWarnings(warnings: readonly Warning[]): Html | null {
  if (warnings.length === 0) return null;
  return html`<div role="note" aria-label="Warnings">
    <ul class="warnings">
      ${warnings.map(({ code, text }) => html`<li data-code="${code}">${text}</li>`)}
    </ul>
  </div>`;
}

export function renderFoot(run: RunHeader, outcome: string): Html {
  return html`<p class="foot">
    Lockstep ${run.lockstepVersion} · data ${run.dataHash} · all times UTC · ${outcome} This page is
    self-contained and makes no request.
  </p>`;
}

export function parameterText(params: RunHeader['params']): string {
  const text = Object.entries(params).map(([name, value]) => `${name} ${String(value)}`);
  return text.length === 0 ? 'none' : text.join(', ');
}

function runFacts(run: RunHeader): Fact[] {
  const { settleCurrency: settle } = run;
  const words = PATH_WORDS[run.path];
  const capital =
    run.capital === null ? 'from the largest notional' : formatAmount(run.capital, settle);
  const frictions = Object.entries(run.frictions).map(([name, value]) => frictionText(name, value));
  const gaps = run.gaps.length === 0 ? 'none' : gapText(run);
  return [
    ['Data', run.synthetic ? 'synthetic (generated)' : 'recorded market data'],
    [
      'Instrument',
      `${run.category}, settled in ${settle}, tick ${run.tickSize} ${run.quoteCurrency}`,
    ],
    ['Execution profile', run.execution],
    ['Price path', words === undefined ? run.path : `${run.path}: ${words}`],
    ['Capital and leverage', `${capital}, ${formatNumber(run.leverage, 0)}×`],
    ['Frictions', frictions.length === 0 ? 'none' : frictions.join(', ')],
    ['Risk limits', riskText(run)],
    ['Indicators start', formatIso(run.indicatorStart)],
    ['Gaps in the data', gaps],
    ['Version and seed', `Lockstep ${run.lockstepVersion}, seed ${run.seed}`],
  ];
}

function riskText({ risk }: RunHeader): string {
  const limits = Object.entries(risk).map(([name, value]) => `${name} ${value}`);
  return limits.length === 0 ? 'none' : limits.join(', ');
}

/** A cost in words with its unit; a name not listed stands for itself. */
function frictionText(name: string, value: number | string): string {
  const amount = Number(value);
  switch (name) {
    case 'takerFeeRate':
      return `taker fee ${formatNumber(amount * 100, 4)} %`;
    case 'makerFeeRate':
      return `maker fee ${formatNumber(amount * 100, 4)} %`;
    case 'halfSpreadTicks':
      return `half spread ${value} ticks`;
    case 'slippageBps':
      return `slippage ${value} bps`;
    case 'throughTicks':
      return `resting orders fill ${value} ticks through`;
    case 'participation':
      return Number.isNaN(amount)
        ? `participation ${value}`
        : `at most ${formatNumber(amount * 100, 2)} % of volume`;
    case 'volatilityFactor':
      return `delays x ${value} in volatile candles`;
    case 'funding':
      return `funding from ${value === 'fallback' ? 'the fallback rate' : value}`;
    default:
      return `${name} ${value}`;
  }
}

function gapText(run: RunHeader): string {
  const missing = run.gaps.reduce((sum, gap) => sum + gap.missingCandles, 0);
  const held = run.gaps.filter((gap) => gap.positionHeld).length;
  const tail = held === 0 ? '' : `; a position was held across ${held}`;
  return `${run.gaps.length} (${formatNumber(missing, 0)} candles missing${tail})`;
}
