import { Instrument } from '../../../src/engine/instrument.ts';
import { tapeBytes, tapeOver } from '../../../src/market/tape.ts';
import type { Tape } from '../../../src/market/tape.ts';
import type { FillColumns, FundingIndex, RunRecord } from '../../../src/sweep/run-record.ts';

export const MINUTE = 60_000;
export const HOUR = 3_600_000;
export const DAY = 86_400_000;
export type Category = 'linear' | 'inverse';

export function newFillColumns(capacity: number): FillColumns {
  return {
    count: 0,
    timeMs: new Float64Array(capacity),
    knownMs: new Float64Array(capacity),
    orderId: new Float64Array(capacity),
    slot: new Int32Array(capacity),
    role: new Uint8Array(capacity),
    side: new Int8Array(capacity),
    priceTicks: new Float64Array(capacity),
    qtySteps: new Float64Array(capacity),
    maker: new Uint8Array(capacity),
    fee: new Float64Array(capacity),
  };
}

/** Tick 0.5; linear in steps of 0.001 BTC, inverse in contracts of 1 USD. */
export function instrumentOf(category: Category): Instrument {
  const inverse = category === 'inverse';
  return new Instrument({
    symbol: inverse ? 'BTCUSD' : 'BTCUSDT',
    category,
    baseCurrency: 'BTC',
    quoteCurrency: inverse ? 'USD' : 'USDT',
    tickSize: '0.5',
    qtyStep: inverse ? '1' : '0.001',
    minQty: inverse ? '1' : '0.001',
    takerFeeRate: '0.00055',
    makerFeeRate: '0.0002',
    leverage: '10',
    maxLeverage: '100',
    maintenanceMarginRate: '0.005',
  });
}

export type Candle = {
  readonly timeMs: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
};

export function tapeOf(category: Category, intervalMs: number, candles: readonly Candle[]): Tape {
  const count = candles.length;
  const head = { symbol: 'TEST', category, intervalMs, hasVolume: false } as const;
  const tape = tapeOver(new SharedArrayBuffer(tapeBytes(count)), count, head);
  candles.forEach((candle, row) => {
    tape.openTimeMs[row] = candle.timeMs;
    tape.open[row] = candle.open;
    tape.high[row] = candle.high;
    tape.low[row] = candle.low;
    tape.close[row] = candle.close;
  });
  return tape;
}

export const NO_FUNDING: FundingIndex = {
  count: 0,
  timeMs: new Float64Array(0),
  longCost: new Float64Array(1),
  shortCost: new Float64Array(1),
};

export type Fill = {
  readonly timeMs: number;
  readonly slot: number;
  readonly side: number;
  readonly qty: number;
  readonly ticks: number;
  readonly fee?: number;
  readonly maker?: boolean;
  readonly role?: number;
};

export function fillColumns(instrument: Instrument, fills: readonly Fill[]): FillColumns {
  const columns = newFillColumns(Math.max(1, fills.length));
  columns.count = fills.length;
  fills.forEach((fill, i) => {
    const maker = fill.maker ?? true;
    columns.timeMs[i] = fill.timeMs;
    columns.slot[i] = fill.slot;
    columns.side[i] = fill.side;
    columns.qtySteps[i] = fill.qty;
    columns.priceTicks[i] = fill.ticks;
    columns.maker[i] = maker ? 1 : 0;
    columns.role[i] = fill.role ?? 0;
    columns.fee[i] = fill.fee ?? instrument.fee(fill.qty, fill.ticks, maker);
  });
  return columns;
}

/** A run over a whole tape; what is not said is empty, unlimited or the last close. */
export function recordOf(
  tape: Tape,
  fills: readonly Fill[],
  rest: Partial<RunRecord> = {},
): RunRecord {
  const instrument = rest.instrument ?? instrumentOf(tape.category);
  const first = rest.firstRow ?? 0;
  const end = rest.endRow ?? tape.count;
  const last = tape.close[end - 1] ?? 1;
  return {
    tape,
    firstRow: first,
    endRow: end,
    startMs: tape.openTimeMs[first] ?? 0,
    endMs: (tape.openTimeMs[end - 1] ?? 0) + tape.intervalMs,
    instrument,
    fills: fillColumns(instrument, fills),
    fundingIndex: NO_FUNDING,
    fundingPaid: 0,
    liquidatedAtMs: NaN,
    stateMs: new Float64Array(6),
    slotCount: 1 + Math.max(0, ...fills.map((fill) => fill.slot)),
    capital: NaN,
    leverage: 10,
    closeLongTicks: last - 1,
    closeShortTicks: last + 1,
    ...rest,
  };
}
