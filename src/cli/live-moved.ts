import type { Credentials } from '../brokers/bybit/credentials.ts';
import type { Endpoints } from '../brokers/bybit/environments.ts';
import { readOwnerOnly } from '../brokers/bybit/owner-only-file.ts';
import { isRow } from '../brokers/bybit/wire/decoded.ts';
import { InputError } from '../engine/invariant.ts';
import { promptDisk } from '../live/journal-files/prompt-disk.ts';
import type { LiveEnd } from '../live/shell/live-process.ts';
import type { TimeAccess } from '../live/virtual/time-channel.ts';
import { runMoved } from './moved-live.ts';
import type { MovedRun } from './moved-live.ts';
import { openMoves } from './parity-venues.ts';

/** A live process that moves the time of an emulator (`--time virtual`), until its tape is over. */
export async function movedLive(
  run: Omit<MovedRun, 'venue' | 'untilMs' | 'disk'> & {
    readonly controlUrl: string;
    readonly keyFile: string | undefined;
    readonly endpoints: Endpoints;
    readonly credentials: Credentials;
  },
): Promise<LiveEnd> {
  const { controlUrl, keyFile, endpoints, credentials } = run;
  const access = { controlUrl, controlToken: await controlTokenOf(keyFile) };
  const untilMs = await endOf(access);
  const venue = await openMoves(access, { endpoints, credentials });
  try {
    return await runMoved({ ...run, venue, untilMs, disk: promptDisk });
  } finally {
    await venue.close();
  }
}

async function controlTokenOf(keyFile: string | undefined): Promise<string> {
  if (keyFile === undefined)
    throw new InputError("--control needs the emulator's --key-file: its token is in it");
  const text = await readOwnerOnly(keyFile, 'key');
  try {
    const value = JSON.parse(text) as unknown;
    if (isRow(value) && typeof value['controlToken'] === 'string') return value['controlToken'];
  } catch {
    // Said below, without what was read.
  }
  throw new InputError(`${keyFile} has no controlToken: give the file that the emulator wrote`);
}

async function endOf({ controlUrl, controlToken }: TimeAccess): Promise<number> {
  const headers = { Authorization: `Bearer ${controlToken}` };
  const status = await fetch(`${controlUrl}/status`, { headers })
    .then((answer) => answer.json() as Promise<unknown>)
    .catch(() => undefined);
  if (!isRow(status) || typeof status['endMs'] !== 'number')
    throw new InputError(`--control ${controlUrl}: no emulator answers there`);
  if (status['mode'] !== 'virtual')
    throw new InputError(`--control ${controlUrl}: start the emulator with --time virtual`);
  return status['endMs'];
}
