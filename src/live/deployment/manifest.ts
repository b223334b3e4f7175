import * as z from 'zod';
import { evidence } from './evidence.ts';
import { gateConfig } from './gate-config.ts';
import { ENVIRONMENTS, gateVerdict } from './gates.ts';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const hashes = z.record(z.string(), sha256);

const body = z.strictObject({
  schema: z.literal('lockstep.deployment'),
  version: z.literal(1),
  environment: z.enum(ENVIRONMENTS),
  /** ISO 8601. It makes two promotions of one run two deployments. */
  promotedAt: z.iso.datetime(),
  strategy: z.string(),
  /** Every parameter, defaults too; `protect` says who guards a position while the bot is away. */
  parameters: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])),
  /** The whole spec, as its file said it. */
  instrument: z.unknown(),
  /** Candles the strategy sees, and where its indicators begin to read them. */
  candles: z.strictObject({ interval: z.string(), indicatorsStartMs: z.int() }),
  /** Of the settle coin; null: sizing needs none. */
  capital: z.string().nullable(),
  leverage: z.number(),
  /** Limits the engine enforces, by option and as a person writes them; absent: not limited. */
  risk: z.record(z.string(), z.string()),
  /** Under what terms the evidence was made. */
  simulation: z.strictObject({
    path: z.string(),
    execution: z.looseObject({ name: z.string() }),
    seed: z.int(),
    fromMs: z.int(),
    toMs: z.int(),
    warmupMs: z.int(),
  }),
  /** Every series the evidence was read from. */
  data: z.array(z.strictObject({ series: z.string(), sha256, rows: z.int() })),
  code: z.strictObject({
    version: z.string(),
    commit: z.string(),
    hash: sha256,
    rooms: hashes,
    packages: z.record(z.string(), z.string()),
  }),
  evidence,
  gates: z.strictObject({
    /** `shipped`, or the name of the file that changed thresholds. */
    source: z.string(),
    config: gateConfig,
    /** Thresholds that ask for less than the shipped ones. */
    laxer: z.array(z.string()),
    verdicts: z.array(gateVerdict),
  }),
  waivers: z.array(z.strictObject({ gate: z.string(), reason: z.string().min(1) })),
});

export const deploymentBody = body;

/** What is promoted, before it is sealed. */
export type DeploymentBody = z.infer<typeof body>;

export const deployment = body.extend({
  /** sha256 of each part above, by its name: says what was changed. */
  hashes,
  /** Over everything but itself and the id. */
  sha256,
  /** Six characters, from the hash; begins every order's link id. */
  deployment: z.string(),
});

export type Deployment = z.infer<typeof deployment>;
