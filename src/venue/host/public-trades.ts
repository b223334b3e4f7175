import type { Instrument } from '../../engine/instrument.ts';
import type { TapePath } from '../../market/tape-path.ts';
import { uuid } from '../exchange/ids.ts';
import { sideWord } from '../exchange/decimals.ts';

const CORNERS = 4;
/** Ids of the public's trades draw from a seed of their own. */
const TRADE_SEED = 0x7ade;

export type PublicTrade = {
  readonly timeMs: number;
  readonly side: number;
  readonly priceTicks: number;
  readonly qtySteps: number;
  readonly id: string;
  readonly seq: number;
};

/**
 * A tape of candles knows no trades: one is made at each corner of the path, with a quarter of the
 * candle's volume, on the side the price came from. Undefined where that quarter is nothing.
 */
export function tradeAt(
  path: TapePath,
  row: number,
  corner: number,
  seed: number,
): PublicTrade | undefined {
  const volume = path.tape.volumeSteps[row] ?? 0;
  const quarter = Math.floor(volume / CORNERS);
  const qtySteps = corner === CORNERS - 1 ? volume - quarter * (CORNERS - 1) : quarter;
  if (qtySteps <= 0) return undefined;
  const priceTicks = path.waypoint(row, corner);
  const before =
    corner > 0 ? path.waypoint(row, corner - 1) : (path.tape.close[row - 1] ?? priceTicks);
  const seq = row * CORNERS + corner + 1;
  return {
    timeMs: path.waypointMs(row, corner),
    side: priceTicks >= before ? 1 : -1,
    priceTicks,
    qtySteps,
    id: uuid(seed + TRADE_SEED, seq),
    seq,
  };
}

/** The newest first, none after `nowMs`. */
export function recentTrades(
  path: TapePath,
  row: number,
  nowMs: number,
  limit: number,
  seed: number,
): readonly PublicTrade[] {
  const found: PublicTrade[] = [];
  for (let at = row; at >= 0 && found.length < limit; at -= 1) {
    for (let corner = CORNERS - 1; corner >= 0 && found.length < limit; corner -= 1) {
      if (path.waypointMs(at, corner) > nowMs) continue;
      const trade = tradeAt(path, at, corner, seed);
      if (trade !== undefined) found.push(trade);
    }
  }
  return found;
}

export function restTradeRow(trade: PublicTrade, instrument: Instrument): object {
  return {
    execId: trade.id,
    symbol: instrument.symbol,
    price: instrument.formatPrice(trade.priceTicks),
    size: instrument.formatQty(trade.qtySteps),
    side: sideWord(trade.side),
    time: String(trade.timeMs),
    isBlockTrade: false,
    isRPITrade: false,
    seq: String(trade.seq),
  };
}

export function streamTradeRow(trade: PublicTrade, instrument: Instrument): object {
  return {
    T: trade.timeMs,
    s: instrument.symbol,
    S: sideWord(trade.side),
    v: instrument.formatQty(trade.qtySteps),
    p: instrument.formatPrice(trade.priceTicks),
    L: trade.side > 0 ? 'PlusTick' : 'MinusTick',
    i: trade.id,
    BT: false,
    RPI: false,
    seq: trade.seq,
  };
}
