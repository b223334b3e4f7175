/** Shapes of `latency` in result.json: what the delays of a run cost (docs/results.md). */

/** Ms. Null of what never happened. */
export type Quantiles = {
  readonly count: number;
  readonly totalMs: number;
  readonly p50: number | null;
  readonly p90: number | null;
  readonly p99: number | null;
  readonly max: number | null;
};

/** Money is in the settle coin; a cost is positive. */
export type LatencyCost = {
  readonly profile: string;
  /** The same run without any delay, its frictions as they are. */
  readonly twin: { readonly netProfit: number; readonly fills: number; readonly trades: number };
  /** Net profit of the twin less that of the run. */
  readonly lost: number;
  readonly fills: FillDifference;
  readonly legs: readonly LegCost[];
  /** What is lost less the sum over the legs: what they do only together. */
  readonly remainder: { readonly marginal: number; readonly alone: number };
  /** What other seeds of the delays lose: how much of it all is chance. */
  readonly otherSeeds: { readonly count: number; readonly least: number; readonly most: number };
};

export type LegCost = {
  readonly leg: string;
  readonly medianMs: number;
  readonly p99Ms: number;
  /** What the run would gain if this leg alone had no delay. */
  readonly marginal: number;
  /** What the twin would lose if this leg alone had its delay. */
  readonly alone: number;
};

/** Executions of one order count as one fill. */
export type FillDifference = {
  /** A fill and its twin lie no further apart. */
  readonly windowMs: number;
  readonly run: number;
  readonly twin: number;
  /** At the same ms and price in both. */
  readonly same: number;
  /** In the twin only, and in the run only. */
  readonly missed: number;
  readonly extra: number;
  /** By how much fills of both come later in the run. */
  readonly later: Quantiles;
  readonly earlier: number;
  readonly worse: PriceDifference;
  readonly better: PriceDifference;
  /** Maker in the twin, taker in the run. */
  readonly becameTaker: number;
};

export type PriceDifference = {
  readonly count: number;
  /** Mean of those that differ. */
  readonly meanTicks: number | null;
  readonly money: number;
};

/** How orders lived, and how long the engine did not know what had become of them. */
export type OrderLifeSummary = {
  readonly steps: readonly ({ readonly step: string } & Quantiles)[];
  readonly unknown: {
    /** Between an execution and its being known, by slot; overlapping ones count once. */
    readonly fillSlotMs: number;
    readonly fillShare: number;
    /** By state of the order: each stay, and its share of the run's order time. */
    readonly states: readonly ({ readonly state: string; readonly share: number } & Quantiles)[];
  };
};
