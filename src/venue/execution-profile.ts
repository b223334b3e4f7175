import type { Distribution, Leg, VolatilityRule } from './latency.ts';

/** How orders and news travel, and what trading costs beyond fees. One file each. */
export type ExecutionProfile = {
  readonly name: string;
  readonly description: string;
  readonly halfSpreadTicks: number;
  readonly slippageBps: number;
  /** Share of a candle's volume our orders may take together; absent = no limit. */
  readonly participation?: number | undefined;
  readonly throughTicks: number;
  readonly volatility?: VolatilityRule | undefined;
  readonly legs: Readonly<Record<Leg, Distribution>>;
};
