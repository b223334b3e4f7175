import { z } from 'zod';
import { InputError } from '../../engine/invariant.ts';
import { WIRE_FAULT_KINDS } from './fault-kinds.ts';
import type { WireFault } from './fault-kinds.ts';

const kind = z.enum(WIRE_FAULT_KINDS as [WireFault, ...WireFault[]]);

const planSchema = z.strictObject({
  seed: z.int().min(0).default(1),
  /** A chance for each thing it strikes, or a number of times a venue hour. */
  rates: z.partialRecord(kind, z.number().min(0)).default({}),
  /** The nth thing of a kind; a call's target is its path, a frame's its topic. */
  script: z
    .array(
      z.strictObject({
        fault: kind,
        target: z.string(),
        nth: z.int().min(1),
        times: z.int().min(1).optional(),
        delayMs: z.int().min(0).optional(),
      }),
    )
    .default([]),
  /** Faults that strike by the hour, at a time of their own. */
  timed: z.array(z.strictObject({ fault: kind, afterMs: z.int().min(0) })).default([]),
});

export type WireFaultPlan = z.infer<typeof planSchema>;
export type ScriptedWireFault = WireFaultPlan['script'][number];

export const NO_FAULTS: WireFaultPlan = { seed: 1, rates: {}, script: [], timed: [] };

/** `name` says where the text came from. */
export function parseFaultPlan(text: string, name: string): WireFaultPlan {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new InputError(`${name}: not JSON`);
  }
  const parsed = planSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue === undefined || issue.path.length === 0 ? 'plan' : issue.path.join('.');
  throw new InputError(
    `${name}: ${where}: ${issue?.message ?? 'not a fault plan'} ` +
      `(a plan has seed, rates, script, timed; faults: ${WIRE_FAULT_KINDS.join(', ')})`,
  );
}
