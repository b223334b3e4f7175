import { readFileSync } from 'node:fs';

/** Relative to this module, so that it holds from any working directory, built or not. */
const PACKAGE = new URL('../../package.json', import.meta.url);

let known: string | undefined;

export function lockstepVersion(): string {
  known ??= String((JSON.parse(readFileSync(PACKAGE, 'utf8')) as { version?: unknown }).version);
  return known;
}
