import type { Distribution, Leg, VolatilityRule } from './latency.ts';

/**
 * What is assumed ahead of a limit order that joins its price, on the path of trades: a quantity, so
 * many seconds of traded volume, or more than is ever traded there.
 */
export type QueueAhead =
  | { readonly type: 'quantity'; readonly qty: number }
  | { readonly type: 'traded'; readonly seconds: number }
  | { readonly type: 'never' };

/** How orders and news travel, and what trading costs beyond fees. One file each. */
export type ExecutionProfile = {
  readonly name: string;
  readonly description: string;
  readonly halfSpreadTicks: number;
  readonly slippageBps: number;
  /** Share of a candle's volume our orders may take together; absent = no limit. */
  readonly participation?: number | undefined;
  readonly throughTicks: number;
  /** Absent = a minute of traded volume. */
  readonly queueAhead?: QueueAhead | undefined;
  readonly volatility?: VolatilityRule | undefined;
  readonly legs: Readonly<Record<Leg, Distribution>>;
};
