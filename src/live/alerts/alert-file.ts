import * as z from 'zod';
import { readOwnerOnly } from '../../brokers/bybit/owner-only-file.ts';
import { Secret } from '../../brokers/bybit/secret.ts';
import { InputError } from '../../engine/invariant.ts';

/** Addresses are secrets too: most webhooks and heartbeats carry their key in the path. */
export type AlertSettings = {
  readonly webhook?: { readonly url: Secret; readonly token?: Secret };
  readonly telegram?: { readonly apiUrl: string; readonly token: Secret; readonly chatId: string };
  readonly heartbeat?: { readonly url: Secret };
  readonly liquidationPercent: number;
  readonly diskFreeMb: number;
};

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);
const TELEGRAM = 'https://api.telegram.org';

const url = z.string().refine(isSafeUrl);
const secret = z.string().min(1).max(4_096);

const schema = z.strictObject({
  webhook: z.strictObject({ url, token: secret.exactOptional() }).exactOptional(),
  telegram: z
    .strictObject({
      token: z.string().regex(/^\d+:[\w-]{10,}$/),
      chatId: z.union([z.string().regex(/^(-?\d+|@\w+)$/), z.int()]),
      apiUrl: url.exactOptional(),
    })
    .exactOptional(),
  heartbeat: z.strictObject({ url }).exactOptional(),
  liquidationPercent: z.number().min(0).max(100).default(10),
  diskFreeMb: z.number().min(0).default(500),
});

/** An owner-only file; no message quotes what is in it. */
export async function readAlertFile(path: string): Promise<AlertSettings> {
  const text = await readOwnerOnly(path, 'alerts');
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new InputError(`the alerts file ${path} is not JSON`);
  }
  const read = schema.safeParse(json);
  if (!read.success) {
    const where = read.error.issues[0]?.path.join('.') ?? '';
    throw new InputError(
      `the alerts file ${path}: ${where === '' ? 'a field' : where} is not as expected; ` +
        'docs/operation.md shows one, and addresses begin with https://',
    );
  }
  const { webhook, telegram, heartbeat, ...limits } = read.data;
  return {
    ...limits,
    ...(webhook !== undefined && { webhook: hidden(webhook) }),
    ...(heartbeat !== undefined && { heartbeat: { url: new Secret(heartbeat.url) } }),
    ...(telegram !== undefined && {
      telegram: {
        apiUrl: telegram.apiUrl ?? TELEGRAM,
        token: new Secret(telegram.token),
        chatId: String(telegram.chatId),
      },
    }),
  };
}

function hidden(webhook: { readonly url: string; readonly token?: string }) {
  const { token } = webhook;
  const address = { url: new Secret(webhook.url) };
  return token === undefined ? address : { ...address, token: new Secret(token) };
}

/** All that must never be written down. */
export function secretsOf({ webhook, telegram, heartbeat }: AlertSettings): Secret[] {
  return [webhook?.url, webhook?.token, telegram?.token, heartbeat?.url].filter(
    (each) => each !== undefined,
  );
}

function isSafeUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  return protocol === 'https:' || (protocol === 'http:' && LOOPBACK.has(hostname));
}
