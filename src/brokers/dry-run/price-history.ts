import type { Instrument } from '../../engine/instrument.ts';
import type { MinuteCandle, Ohlc } from '../../venue/dry-run/missed-way.ts';
import { withoutZeros } from '../../venue/exchange/decimals.ts';
import { isRow } from '../bybit/wire/decoded.ts';
import { CANDLES_A_PAGE, decodeKlinePage, queryKline } from '../bybit/wire/kline-page.ts';
import type { KlineRow } from '../bybit/wire/kline-page.ts';
import { FUNDING_HISTORY, MARK_KLINE } from '../bybit/wire/paths.ts';
import type { RestLine } from './rest-line.ts';

export type Settled = { readonly dueMs: number; readonly rate: string };

export type Missed = {
  readonly candles: readonly MinuteCandle[];
  readonly rates: readonly Settled[];
};

const MINUTE_MS = 60_000;
const FUNDINGS_A_PAGE = 200;
/** No settlement has ever come near it: what does is no rate. */
const MOST_RATE = 0.1;
const RATE_DIGITS = 10;

/** What happened to the price between two times, from the lists; undefined where they failed. */
export async function readMissed(
  line: RestLine,
  instrument: Instrument,
  sinceMs: number,
  untilMs: number,
): Promise<Missed | undefined> {
  const candles: MinuteCandle[] = [];
  let fromMs = Math.floor(sinceMs / MINUTE_MS) * MINUTE_MS;
  for (; fromMs <= untilMs; fromMs += CANDLES_A_PAGE * MINUTE_MS) {
    const toMs = Math.min(fromMs + (CANDLES_A_PAGE - 1) * MINUTE_MS, untilMs);
    const page = await readPage(line, instrument, fromMs, toMs);
    if (page === undefined) return undefined;
    candles.push(...page);
  }
  const rates = await readRates(line, instrument, sinceMs, untilMs);
  return rates === undefined ? undefined : { candles, rates };
}

async function readPage(
  line: RestLine,
  instrument: Instrument,
  fromMs: number,
  toMs: number,
): Promise<readonly MinuteCandle[] | undefined> {
  const request = queryKline('1', fromMs, toMs, instrument);
  // The marks first: the candles are to be the newest of what is known.
  const marks = marksOf(await line.ask({ ...request, path: MARK_KLINE }), instrument);
  const page = decodeKlinePage(await line.ask(request), instrument);
  if (!page.ok || marks === undefined) return undefined;
  return page.value.candles.map((row) => minuteCandle(row, instrument, marks.get(row.openTimeMs)));
}

export function minuteCandle(
  row: KlineRow,
  instrument: Instrument,
  mark: Ohlc | undefined,
): MinuteCandle {
  const { openTimeMs, openTicks: open, highTicks: high, lowTicks: low, closeTicks: close } = row;
  const volumeSteps = Math.max(0, Math.floor(row.volume / instrument.qtyStep)) || 0;
  return { openTimeMs, open, high, low, close, volumeSteps, mark };
}

/** Marks need not lie on a tick, so they are rounded to one. */
function marksOf(body: unknown, instrument: Instrument): Map<number, Ohlc> | undefined {
  const marks = new Map<number, Ohlc>();
  for (const row of rowsOf(body) ?? []) {
    if (!Array.isArray(row)) return undefined;
    const [openMs, ...prices] = (row as readonly unknown[]).slice(0, 5).map(Number);
    const ticks = prices.map((price) => Math.round(price / instrument.tickSize));
    const [open = NaN, high = NaN, low = NaN, close = NaN] = ticks;
    if (openMs === undefined || !(Math.min(open, high, low, close) > 0)) return undefined;
    marks.set(openMs, { open, high, low, close });
  }
  return rowsOf(body) === undefined ? undefined : marks;
}

/** Of the settlements after `sinceMs`. */
async function readRates(
  line: RestLine,
  instrument: Instrument,
  sinceMs: number,
  untilMs: number,
): Promise<readonly Settled[] | undefined> {
  const everyMs = instrument.fundingIntervalMs;
  if (!(everyMs > 0)) return [];
  const rates: Settled[] = [];
  for (let fromMs = sinceMs + 1; fromMs <= untilMs; fromMs += FUNDINGS_A_PAGE * everyMs) {
    const toMs = Math.min(fromMs + FUNDINGS_A_PAGE * everyMs - 1, untilMs);
    if (Math.floor(toMs / everyMs) * everyMs < fromMs) continue;
    const { symbol, spec } = instrument;
    const range = { startTime: fromMs, endTime: toMs, limit: FUNDINGS_A_PAGE };
    const params = { category: spec.category, symbol, ...range };
    const rows = rowsOf(await line.ask({ method: 'GET', path: FUNDING_HISTORY, params }));
    if (rows === undefined) return undefined;
    for (const row of rows) {
      const rate = isRow(row) ? knownRate(row['fundingRate']) : undefined;
      const dueMs = isRow(row) ? Number(row['fundingRateTimestamp']) : NaN;
      // Without it the instrument's own rate is booked: one odd row must not hold the venue.
      if (rate !== undefined && Number.isSafeInteger(dueMs)) rates.push({ dueMs, rate });
    }
  }
  return rates;
}

/** A plain decimal of at most ten digits, which the venue's arithmetic takes; else undefined. */
export function knownRate(text: unknown): string | undefined {
  const rate = typeof text === 'string' && text !== '' ? Number(text) : NaN;
  return Math.abs(rate) <= MOST_RATE ? withoutZeros(rate.toFixed(RATE_DIGITS)) : undefined;
}

function rowsOf(body: unknown): readonly unknown[] | undefined {
  const result = isRow(body) && body['retCode'] === 0 ? body['result'] : undefined;
  const list = isRow(result) ? result['list'] : undefined;
  return Array.isArray(list) ? (list as readonly unknown[]) : undefined;
}
