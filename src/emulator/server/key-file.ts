import { closeSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { InputError } from '../../engine/invariant.ts';
import type { Emulator } from '../emulator.ts';

const OWNER_ONLY = 0o600;

/** How a client on this machine gets in: keys, token and addresses, for its owner's eyes only. */
export function writeKeyFile(path: string, emulator: Emulator): void {
  const { apiKey, controlToken, restUrl, wsUrl, controlUrl } = emulator;
  const text = JSON.stringify({ ...apiKey, controlToken, restUrl, wsUrl, controlUrl }, null, 2);
  const temporary = `${path}.tmp-${process.pid}`;
  try {
    mkdirSync(dirname(path), { recursive: true });
    const file = openSync(temporary, 'wx', OWNER_ONLY);
    try {
      writeSync(file, `${text}\n`);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    const why = error instanceof Error ? error.message : 'unknown';
    throw new InputError(`--key-file ${path} cannot be written: ${why}`);
  }
}
