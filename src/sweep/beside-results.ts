import type { PriceDifference, Quantiles } from './latency-results.ts';

/**
 * Shape of `besideCandles` in result.json: a run on trades beside the same strategy and settings on
 * the candles made of those trades (docs/results.md). Money is in the settle coin.
 */
export type BesideCandles = {
  /** How the price goes through the candles. */
  readonly path: 'direction';
  readonly trades: BesideRun;
  readonly candles: BesideRun;
  /** The run on trades less the one on candles; the parts add up to it. */
  readonly difference: {
    readonly netProfit: number;
    /** Of fills that both have, on the quantity both have. */
    readonly prices: number;
    readonly fees: number;
    readonly funding: number;
    /** Fills that only one of them has, other quantities, and what followed. */
    readonly rest: number;
  };
  readonly fills: BesideFills;
  readonly queue: QueueWaits;
};

export type BesideRun = {
  readonly netProfit: number;
  /** Percent; null of a run that never held anything. */
  readonly returnOnCapital: number | null;
  readonly maxDrawdown: number | null;
  readonly makerShare: number | null;
  readonly capital: number | null;
  readonly roundTrips: number;
  readonly fees: number;
  readonly funding: number;
  readonly executions: number;
  readonly filledOrders: number;
  /** Orders that filled in more than one execution. */
  readonly inParts: number;
  /** Orders that filled, but never wholly. */
  readonly unfinished: number;
  readonly liquidated: boolean;
};

/** Executions of one order count as one fill; a liquidation is nobody's order. */
export type BesideFills = {
  /** A fill and its twin lie no further apart. */
  readonly windowMs: number;
  readonly matched: number;
  readonly onlyOnTrades: number;
  readonly onlyOnCandles: number;
  /** Of those matched: inside one candle, and at one price. */
  readonly sameCandle: number;
  readonly samePrice: number;
  /** On trades later, and earlier, than on candles. */
  readonly later: Quantiles;
  readonly earlier: Quantiles;
  /** On trades worse, and better, than on candles. */
  readonly worse: PriceDifference;
  readonly better: PriceDifference;
  readonly becameTaker: number;
  readonly becameMaker: number;
};

/** What resting limit orders went through between a trade that reached them and their fill. */
export type QueueWaits = {
  /** From the first trade that reached the order where it stood to its first fill there. */
  readonly waits: Quantiles;
  /** Of those, filled by the ms that reached them. */
  readonly atOnce: number;
  /** Times that an order was reached and left its price, or the run ended, without any fill there. */
  readonly inVain: number;
};
