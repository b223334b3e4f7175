import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readOwnerOnly } from '../../brokers/bybit/owner-only-file.ts';
import { Secret } from '../../brokers/bybit/secret.ts';
import { InputError } from '../../engine/invariant.ts';

/** The same at every start, so that whoever collects metrics is told it once. */
export async function pageToken(stateDir: string): Promise<Secret> {
  const path = join(stateDir, 'page-token');
  try {
    writeFileSync(path, `${randomBytes(24).toString('base64url')}\n`, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST')
      throw new InputError(`${path}: the page's token cannot be written`);
  }
  const token = (await readOwnerOnly(path, 'page token')).trim();
  if (token.length >= 20) return new Secret(token);
  throw new InputError(`${path} holds no token: remove the file, and the next start makes one`);
}
