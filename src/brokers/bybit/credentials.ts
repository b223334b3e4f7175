import { InputError } from '../../engine/invariant.ts';
import { readOwnerOnly } from './owner-only-file.ts';
import { Secret } from './secret.ts';

export type Credentials = { readonly key: Secret; readonly secret: Secret };

export const KEY_VARIABLE = 'BYBIT_API_KEY';
export const SECRET_VARIABLE = 'BYBIT_API_SECRET';

/** What may stand in a header; anything else would be refused there with the text in the error. */
const PLAIN = /^[\x21-\x7e]{6,4096}$/;
const PEM = /^-----BEGIN (RSA )?PRIVATE KEY-----[A-Za-z0-9+/=\s]+-----END (RSA )?PRIVATE KEY-----$/;

/**
 * The key from an owner-only file, if one is named, or from the environment. Never from arguments:
 * every process of the machine can read those. No message of this file quotes what it read.
 */
export async function loadCredentials(
  environment: Readonly<Record<string, string | undefined>>,
  keyFile?: string,
): Promise<Credentials> {
  if (keyFile !== undefined) return fromFile(keyFile);
  const key = environment[KEY_VARIABLE];
  const secret = environment[SECRET_VARIABLE];
  if (key === undefined || secret === undefined)
    throw new InputError(
      `no API key: set ${KEY_VARIABLE} and ${SECRET_VARIABLE}, or give --key-file FILE`,
    );
  return credentials(key, secret, `${KEY_VARIABLE} and ${SECRET_VARIABLE}`);
}

/** Once read: a diagnostic report of Node.js, and whatever is started, show the environment. */
export function forgetKeys(environment: Record<string, string | undefined>): void {
  for (const name of [KEY_VARIABLE, SECRET_VARIABLE]) Reflect.deleteProperty(environment, name);
}

async function fromFile(path: string): Promise<Credentials> {
  return parsed(await readOwnerOnly(path, 'key'), path);
}

function parsed(text: string, path: string): Credentials {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  const key: unknown = fieldOf(value, 'key');
  const secret: unknown = fieldOf(value, 'secret');
  if (typeof key !== 'string' || typeof secret !== 'string')
    throw new InputError(`the key file ${path} must be JSON: {"key": "...", "secret": "..."}`);
  return credentials(key, secret, `the key file ${path}`);
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function credentials(key: string, secret: string, source: string): Credentials {
  const trimmed = { key: key.trim(), secret: secret.trim() };
  if (!PLAIN.test(trimmed.key) || !(PLAIN.test(trimmed.secret) || PEM.test(trimmed.secret)))
    throw new InputError(`${source}: a key and a secret as Bybit gives them, without blanks`);
  return { key: new Secret(trimmed.key), secret: new Secret(trimmed.secret) };
}
