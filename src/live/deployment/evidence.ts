import * as z from 'zod';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const number = z.number().nullable();

/** One run of the parameters over the data, open lots counted as closed. null: it has no value. */
const runNumbers = z.strictObject({
  path: z.string(),
  /** Name of the execution profile. */
  execution: z.string(),
  /** What fees were multiplied by (rebates divided). */
  feeFactor: z.number(),
  /** In the settle coin. */
  netProfit: number,
  /** Of the capital over the whole run. */
  returnPercent: number,
  maxDrawdownPercent: number,
  trades: z.int(),
  /** Longest time one position was held, the last one up to the end of the data. */
  longestPositionDays: number,
  liquidated: z.boolean(),
});
export type RunNumbers = z.infer<typeof runNumbers>;

/** What the sweep knew that the point came from: how many were tried, and how it stood. */
const sweepNumbers = z.strictObject({
  point: z.int(),
  points: z.int(),
  rank: z.int().nullable(),
  plateauScore: number,
  sharpe: number,
  /** What the best of so many points would show with no edge at all. */
  luckSharpe: number,
});

const scenarioNumbers = z.strictObject({
  played: z.int(),
  /** Names of those in which a rule broke or nothing happened. */
  failed: z.array(z.string()),
  /** Of the code they were played with. */
  codeHash: sha256,
});

/** The step before this one, and what its journal says. */
const earlierStep = z.strictObject({
  environment: z.enum(['dry-run', 'testnet']),
  deployment: z.string(),
  /** Of its manifest. */
  sha256,
  /** Exchange time during which it was trading. */
  tradingHours: z.number(),
  journalFromMs: z.int().nullable(),
  journalToMs: z.int().nullable(),
  /** What decides differently in it: strategy, parameters, ... */
  differences: z.array(z.string()),
});
export type EarlierStep = z.infer<typeof earlierStep>;

export const evidence = z.strictObject({
  /** What these are the numbers of: the hash of each part of the manifest they depend on. */
  of: z.record(z.string(), sha256),
  /** `backtest` or `sweep`, and the hash of its manifest.json. */
  source: z.strictObject({ kind: z.enum(['backtest', 'sweep']), manifestSha256: sha256 }),
  days: z.number(),
  candles: z.int(),
  synthetic: z.boolean(),
  /** false: the candles have no volume, so nothing limited what could fill. */
  volumeLimited: z.boolean(),
  /** The run as it was asked. */
  own: runNumbers,
  /** The same parameters and data under every other path, execution and fee that gates ask for. */
  harsher: z.array(runNumbers),
  sweep: sweepNumbers.nullable(),
  scenarios: scenarioNumbers,
  earlier: earlierStep.nullable(),
  /** Said by a person with a promotion to mainnet; else null. */
  word: z.string().nullable(),
});
export type Evidence = z.infer<typeof evidence>;
