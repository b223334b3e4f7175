import * as z from 'zod';

/** Every threshold there is. Names say the unit; docs/promotion.md says why they are as shipped. */
const thresholds = z.strictObject({
  minTrades: z.int().min(1),
  minDays: z.number().min(1),
  minReturnPercent: z.number().min(-100).max(1_000),
  feeFactor: z.number().min(1).max(10),
  maxDrawdownPercent: z.number().min(0).max(100),
  maxPositionDays: z.number().min(0),
  minDryRunHours: z.number().positive(),
  minTestnetHours: z.number().positive(),
});

export type GateConfig = z.infer<typeof thresholds>;
export const gateConfig = thresholds;
export const THRESHOLD_NAMES = Object.keys(thresholds.shape) as (keyof GateConfig)[];

export type ParsedGates =
  | { readonly ok: true; readonly config: GateConfig }
  | { readonly ok: false; readonly problem: string };

/** A gates file over what is shipped: it names only what it changes. */
export function parseGates(json: unknown, shipped: GateConfig | undefined): ParsedGates {
  const schema = shipped === undefined ? thresholds : thresholds.partial();
  const parsed = schema.safeParse(json);
  if (parsed.success) return { ok: true, config: { ...shipped, ...parsed.data } as GateConfig };
  const [issue] = parsed.error.issues;
  if (issue?.code === 'unrecognized_keys') {
    const known = THRESHOLD_NAMES.join(', ');
    return {
      ok: false,
      problem: `unknown threshold "${issue.keys.join('", "')}"; known: ${known}`,
    };
  }
  const where = issue === undefined || issue.path.length === 0 ? '' : `"${issue.path.join('.')}": `;
  return { ok: false, problem: `${where}${issue?.message ?? 'not as expected'}` };
}

/** Thresholds that ask for less than the shipped ones, in words. */
export function laxerThan(shipped: GateConfig, config: GateConfig): string[] {
  return THRESHOLD_NAMES.filter((name) => {
    const [was, is] = [shipped[name], config[name]];
    return name.startsWith('max') ? is > was : is < was;
  }).map((name) => `${name} ${config[name]} (shipped: ${shipped[name]})`);
}
