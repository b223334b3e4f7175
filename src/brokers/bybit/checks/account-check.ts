import type { Instrument } from '../../../engine/instrument.ts';
import { shown } from '../wire/decoded.ts';
import { decimal, rowsOf } from './answer.ts';
import type { Found } from './answer.ts';
import { line } from './check-line.ts';
import type { CheckLine } from './check-line.ts';

export type MarginMode = 'isolated' | 'cross';

/** Fees beyond this multiple of those the evidence was made with: the evidence does not hold. */
const FEES_AT_MOST = 1.5;

/** The answer to /v5/account/fee-rate; demo accounts cannot ask for it. */
export function feeLines(found: Found, instrument: Instrument, mayBeMissing: boolean): CheckLine[] {
  const { takerFeeRate, makerFeeRate, symbol } = instrument;
  const wanted = `taker ${takerFeeRate} maker ${makerFeeRate}`;
  const row = found.ok ? rowsOf(found.result, symbol)[0] : undefined;
  if (row === undefined) {
    const text = found.ok ? `no rate of ${symbol}` : found.text;
    return [line('fee rates', text, wanted, mayBeMissing ? 'warn' : 'refuse')];
  }
  return [
    feeLine('taker fee', decimal(row['takerFeeRate']), takerFeeRate),
    feeLine('maker fee', decimal(row['makerFeeRate']), makerFeeRate),
  ];
}

function feeLine(check: string, rate: number, assumed: number): CheckLine {
  const wanted = `at most ${assumed}`;
  if (Number.isNaN(rate)) return line(check, 'no rate', wanted, 'refuse');
  if (rate <= assumed) return line(check, String(rate), wanted, 'ok');
  const far = rate > Math.max(assumed * FEES_AT_MOST, 0);
  return line(check, String(rate), wanted, far ? 'refuse' : 'warn');
}

const MARGIN_WORDS = { isolated: 'ISOLATED_MARGIN', cross: 'REGULAR_MARGIN' } as const;
/** Unified accounts of the first kind keep inverse contracts elsewhere. */
const UNIFIED: Readonly<Record<'linear' | 'inverse', readonly number[]>> = {
  linear: [3, 4, 5, 6],
  inverse: [5, 6],
};

/** The answer to /v5/account/info. */
export function accountLines(
  found: Found,
  instrument: Instrument,
  margin: MarginMode,
): CheckLine[] {
  if (!found.ok) return [line('account', found.text, 'a unified account', 'refuse')];
  const { unifiedMarginStatus, marginMode } = found.result;
  const { category } = instrument.spec;
  const kinds = UNIFIED[category];
  const unified = typeof unifiedMarginStatus === 'number' && kinds.includes(unifiedMarginStatus);
  const wanted = MARGIN_WORDS[margin];
  const either = marginMode === 'ISOLATED_MARGIN' || marginMode === 'REGULAR_MARGIN';
  return [
    line(
      'account kind',
      shown(unifiedMarginStatus),
      `unified, ${kinds.join(' ')} for ${category}`,
      unified ? 'ok' : 'refuse',
    ),
    line(
      'margin mode',
      typeof marginMode === 'string' ? marginMode.slice(0, 40) : shown(marginMode),
      wanted,
      marginMode === wanted ? 'ok' : either ? 'warn' : 'refuse',
    ),
  ];
}

/** The answer to /v5/position/list: a row even where there is no position. */
export function positionLines(
  found: Found,
  instrument: Instrument,
  margin: MarginMode,
): CheckLine[] {
  const rows = found.ok ? rowsOf(found.result, instrument.symbol) : [];
  const [row] = rows;
  if (row === undefined) {
    const text = found.ok ? `no row of ${instrument.symbol}` : found.text;
    return [line('position mode', text, 'one-way', 'refuse')];
  }
  const oneWay = rows.length === 1 && row['positionIdx'] === 0;
  const leverage = decimal(row['leverage']);
  const agrees = leverage === instrument.leverage;
  return [
    line('position mode', oneWay ? 'one-way' : 'hedge', 'one-way', oneWay ? 'ok' : 'refuse'),
    line(
      'leverage',
      Number.isNaN(leverage) ? shown(row['leverage']) : String(leverage),
      String(instrument.leverage),
      agrees ? 'ok' : margin === 'isolated' ? 'refuse' : 'warn',
    ),
  ];
}
