import type { Instrument } from '../../../engine/instrument.ts';
import { shown } from '../wire/decoded.ts';
import type { Row } from '../wire/decoded.ts';
import { decimal, field, rowsOf } from './answer.ts';
import type { Found } from './answer.ts';
import { line } from './check-line.ts';
import type { CheckLine, CheckVerdict } from './check-line.ts';

const CONTRACT = { linear: 'LinearPerpetual', inverse: 'InversePerpetual' } as const;

/** The answer to /v5/market/instruments-info against the file that the evidence was made with. */
export function instrumentLines(found: Found, instrument: Instrument): CheckLine[] {
  const { symbol, spec } = instrument;
  if (!found.ok) return [line('instrument', found.text, `${symbol} ${spec.category}`, 'refuse')];
  const [row] = rowsOf(found.result, symbol);
  if (row === undefined)
    return [line('instrument', `no ${symbol}`, `${symbol} ${spec.category}`, 'refuse')];
  const { leverage, minNotional } = instrument;
  const most = Number.MAX_SAFE_INTEGER;
  return [
    // By its own word: a list of one category has been seen to hold another's.
    same('contract', row['contractType'], CONTRACT[spec.category]),
    same('settled in', row['settleCoin'], instrument.settleCurrency),
    same('status', row['status'], 'Trading'),
    equal('tick', field(row, 'priceFilter', 'tickSize'), spec.tickSize),
    equal('quantity step', field(row, 'lotSizeFilter', 'qtyStep'), spec.qtyStep),
    atMost('smallest quantity', field(row, 'lotSizeFilter', 'minOrderQty'), spec.minQty, 'refuse'),
    atMost('smallest value', notionalOf(row), String(minNotional), 'warn'),
    atLeast('largest quantity', lot(row, 'maxOrderQty'), Number(spec.maxQty ?? most), 'warn'),
    atLeast(
      'largest market order',
      lot(row, 'maxMktOrderQty'),
      Number(spec.maxMarketQty ?? most),
      'warn',
    ),
    atLeast('largest leverage', field(row, 'leverageFilter', 'maxLeverage'), leverage, 'refuse'),
    fundingLine(row, instrument),
  ];
}

function lot(row: Row, name: string): unknown {
  return field(row, 'lotSizeFilter', name);
}

/** Left out, or empty, where it is not enforced. */
function notionalOf(row: Row): unknown {
  const value = lot(row, 'minNotionalValue');
  return value === undefined || value === '' ? '0' : value;
}

function same(check: string, found: unknown, wanted: string): CheckLine {
  return line(check, plain(found), wanted, found === wanted ? 'ok' : 'refuse');
}

function equal(check: string, found: unknown, wanted: string): CheckLine {
  return line(check, plain(found), wanted, decimal(found) === Number(wanted) ? 'ok' : 'refuse');
}

/** A venue that asks for more than the file says would refuse what the engine takes for allowed. */
function atMost(check: string, found: unknown, file: string, worse: CheckVerdict): CheckLine {
  const verdict = decimal(found) <= Number(file) ? 'ok' : worse;
  return line(check, plain(found), `at most ${file}`, verdict);
}

function atLeast(check: string, found: unknown, file: number, worse: CheckVerdict): CheckLine {
  if (file >= Number.MAX_SAFE_INTEGER) return line(check, plain(found), 'any', 'ok');
  return line(check, plain(found), `at least ${file}`, decimal(found) >= file ? 'ok' : worse);
}

function fundingLine(row: Row, { fundingIntervalMs }: Instrument): CheckLine {
  const minutes = fundingIntervalMs / 60_000;
  const { fundingInterval } = row;
  const found =
    typeof fundingInterval === 'number' ? `${fundingInterval} min` : plain(fundingInterval);
  return line(
    'funding every',
    found,
    `${minutes} min`,
    fundingInterval === minutes ? 'ok' : 'warn',
  );
}

function plain(value: unknown): string {
  return typeof value === 'string' && value.length <= 60 ? value : shown(value);
}
