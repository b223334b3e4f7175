import type { TradeColumns } from './trade-columns.ts';

/** Sums over trades. Money units, percents, ms. */
export type TradeSummary = {
  readonly wins: number;
  readonly losses: number;
  readonly won: number;
  /** Positive. */
  readonly lost: number;
  readonly net: number;
  readonly maePct: number;
  readonly mfePct: number;
  readonly worstMaePct: number;
  readonly longestMs: number;
};

/** A trade won when its net PnL is above zero and lost when below; zero is neither. */
export function summarise(trades: TradeColumns): TradeSummary {
  let [wins, losses, won, lost, net] = [0, 0, 0, 0, 0];
  let [maePct, mfePct, worstMaePct, longestMs] = [0, 0, 0, 0];
  for (let i = 0; i < trades.count; i += 1) {
    const pnl = trades.netPnl[i] as number;
    const mae = trades.maePct[i] as number;
    const heldMs = (trades.exitMs[i] as number) - (trades.entryMs[i] as number);
    net += pnl;
    if (pnl > 0) {
      wins += 1;
      won += pnl;
    } else if (pnl < 0) {
      losses += 1;
      lost -= pnl;
    }
    maePct += mae;
    mfePct += trades.mfePct[i] as number;
    if (mae > worstMaePct) worstMaePct = mae;
    if (heldMs > longestMs) longestMs = heldMs;
  }
  return { wins, losses, won, lost, net, maePct, mfePct, worstMaePct, longestMs };
}
