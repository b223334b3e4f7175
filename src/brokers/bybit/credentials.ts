import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { InputError } from '../../engine/invariant.ts';
import { Secret } from './secret.ts';

export type Credentials = { readonly key: Secret; readonly secret: Secret };

export const KEY_VARIABLE = 'BYBIT_API_KEY';
export const SECRET_VARIABLE = 'BYBIT_API_SECRET';

const LARGEST_FILE_BYTES = 16_384;
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

async function fromFile(path: string): Promise<Credentials> {
  let file: FileHandle;
  try {
    // A link could be pointed elsewhere between two looks: the file that is checked is the one read.
    file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch {
    throw new InputError(`cannot read the key file ${path}: it must be a file and no link`);
  }
  try {
    await checkOwnerOnly(file, path);
    return parsed(await file.readFile('utf8'), path);
  } finally {
    await file.close();
  }
}

async function checkOwnerOnly(file: FileHandle, path: string): Promise<void> {
  const { mode, uid, size } = await file.stat().then((stat) => {
    if (!stat.isFile()) throw new InputError(`the key file ${path} is not a file`);
    return stat;
  });
  const others = mode & 0o077;
  if (others !== 0)
    throw new InputError(
      `the key file ${path} can be read or written by others ` +
        `(mode ${(mode & 0o777).toString(8).padStart(4, '0')}): chmod 600 ${path}`,
    );
  const ownUid = process.getuid?.();
  if (ownUid !== undefined && uid !== ownUid)
    throw new InputError(`the key file ${path} belongs to user ${uid}, not to you (${ownUid})`);
  if (size > LARGEST_FILE_BYTES)
    throw new InputError(`the key file ${path} has ${size} bytes: that is no key file`);
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
