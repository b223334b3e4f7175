import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import { InputError } from '../engine/invariant.ts';
import type { ExecutionProfile } from '../venue/execution-profile.ts';

/** Relative to this module, so that it holds from any working directory, built or not. */
const SHIPPED_DIR = join(dirname(fileURLToPath(import.meta.url)), '../../data/profiles');

/** No delay is longer than an hour: past that it is a typing error. */
const ms = z.number().min(0).max(3_600_000);
const thousandths = (what: string): z.ZodNumber =>
  z
    .number()
    .min(0)
    .max(1_000)
    .refine((value) => Number.isInteger(Math.round(value * 1e6) / 1e3), {
      message: `${what} has at most three digits after the point`,
    }) as unknown as z.ZodNumber;

const distribution = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('constant'), ms }),
  z.strictObject({ type: z.literal('uniform'), fromMs: ms, toMs: ms }),
  z.strictObject({ type: z.literal('lognormal'), medianMs: ms.min(0.001), p99Ms: ms.min(0.001) }),
  z.strictObject({ type: z.literal('empirical'), quantilesMs: z.array(ms).min(2).max(10_001) }),
]);

const profile = z.strictObject({
  name: z.string().min(1).max(64),
  description: z.string().max(500),
  halfSpreadTicks: thousandths('halfSpreadTicks'),
  slippageBps: thousandths('slippageBps'),
  participation: z.number().min(0.000001).max(1).exactOptional(),
  throughTicks: z.int().min(0).max(1_000),
  queueAhead: z
    .discriminatedUnion('type', [
      z.strictObject({ type: z.literal('quantity'), qty: z.number().min(0).max(1e12) }),
      z.strictObject({ type: z.literal('traded'), seconds: z.number().min(0.001).max(86_400) }),
      z.strictObject({ type: z.literal('never') }),
    ])
    .exactOptional(),
  volatility: z
    .strictObject({ factor: z.number().min(1).max(100), rangeAtrs: z.number().min(0).max(1_000) })
    .exactOptional(),
  legs: z.strictObject({
    market: distribution,
    submit: distribution,
    amend: distribution,
    cancel: distribution,
    ack: distribution,
    wsOrder: distribution,
    wsExecution: distribution,
  }),
});

export type LoadedProfile = {
  readonly profile: ExecutionProfile;
  readonly source: string;
  readonly sha256: string;
};

/** An execution profile by shipped name, or by the path of a file of the user's own. */
export function loadProfile(nameOrFile: string): LoadedProfile {
  const shipped = join(SHIPPED_DIR, `${nameOrFile}.json`);
  const isName = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(nameOrFile) && existsSync(shipped);
  const path = isName ? shipped : nameOrFile;
  const bytes = readBytes(path, nameOrFile);
  const checked = checkProfile(parseJson(bytes, path), path);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { profile: checked, source: isName ? `shipped:${nameOrFile}.json` : path, sha256 };
}

/** A profile as a file or a run's manifest holds it. */
export function checkProfile(json: unknown, path: string): ExecutionProfile {
  const parsed = profile.safeParse(json);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const where = issue === undefined || issue.path.length === 0 ? '' : `${issue.path.join('.')}: `;
    throw new InputError(
      `execution profile ${path}: ${where}${issue?.message ?? 'not as expected'}`,
    );
  }
  checkOrder(parsed.data, path);
  return parsed.data;
}

export function shippedProfiles(): string[] {
  return readdirSync(SHIPPED_DIR)
    .filter((name) => name.endsWith('.json'))
    .map((name) => name.slice(0, -5))
    .sort();
}

function readBytes(path: string, given: string): Buffer {
  try {
    return readFileSync(path);
  } catch {
    throw new InputError(
      `no execution profile "${given}": shipped are ${shippedProfiles().join(', ')}, or give a file`,
    );
  }
}

function parseJson(bytes: Buffer, path: string): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch (error) {
    const why = error instanceof Error ? error.message.replaceAll('\n', ' ') : 'unreadable';
    throw new InputError(`execution profile ${path} is not JSON: ${why}`);
  }
}

function checkOrder(read: z.infer<typeof profile>, path: string): void {
  for (const [leg, each] of Object.entries(read.legs)) {
    const bad =
      (each.type === 'uniform' && each.toMs < each.fromMs) ||
      (each.type === 'lognormal' && each.p99Ms < each.medianMs) ||
      (each.type === 'empirical' &&
        each.quantilesMs.some((value, i, all) => i > 0 && value < (all[i - 1] ?? 0)));
    if (bad) throw new InputError(`execution profile ${path}: legs.${leg} does not ascend`);
  }
}
