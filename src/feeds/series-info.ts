import * as z from 'zod';

const key = z
  .strictObject({
    kind: z.enum(['candles', 'mark', 'funding', 'trades']),
    category: z.enum(['linear', 'inverse']),
    symbol: z.string(),
    interval: z.string().exactOptional(),
    day: z
      .string()
      .regex(/^\d{4}-\d\d-\d\d$/)
      .exactOptional(),
    origin: z.enum(['real', 'synthetic']),
  })
  .readonly();

const gap = z.strictObject({ fromMs: z.int(), toMs: z.int(), missingCandles: z.int() });

const source = z.strictObject({
  file: z.string(),
  sha256: z.string(),
  importedRows: z.int(),
});

/** How a synthetic series was made: enough to make it again. */
const recipe = z.strictObject({
  version: z.int(),
  startPrice: z.number(),
  driftPercent: z.number(),
  volatilityPercent: z.number(),
});

export const seriesInfo = z.strictObject({
  format: z.literal(1),
  key,
  rows: z.int().min(1),
  fromMs: z.int(),
  /** Exclusive: the end of the last candle; for funding and trades the last row + 1 ms. */
  toMs: z.int(),
  gaps: z.array(gap),
  /** sha256 of the columns as a tape holds them. */
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  synthetic: z.boolean(),
  seed: z.int().exactOptional(),
  recipe: recipe.exactOptional(),
  roundedToTick: z.boolean(),
  hasVolume: z.boolean(),
  tickSize: z.string(),
  qtyStep: z.string(),
  sources: z.array(source),
  /** Stem of the .parquet and .bin this manifest stands for, named by their content. */
  data: z.string().regex(/^[A-Za-z0-9-]+$/),
});

export type SeriesInfo = z.infer<typeof seriesInfo>;
export type SeriesGap = z.infer<typeof gap>;
export type SeriesSource = z.infer<typeof source>;
export type SynthRecipe = z.infer<typeof recipe>;
/** What a synthetic series was made from. */
export type SynthOrigin = { readonly seed: number; readonly recipe: SynthRecipe };
