import { createHash } from 'node:crypto';
import { canonicalJson } from '../../feeds/canonical-json.ts';

/** Of any JSON value: equal values have equal hashes, whatever the order of their names. */
export function partHash(part: unknown): string {
  return createHash('sha256').update(canonicalJson(part)).digest('hex');
}

/** The parts whose numbers the evidence holds: with any other, it would be others. */
export const PARTS_PROVEN = [
  'strategy',
  'parameters',
  'instrument',
  'candles',
  'capital',
  'leverage',
  'risk',
  'simulation',
  'data',
] as const;

/** What evidence is the evidence of: a hash of each part it depends on. */
export function provenParts(
  body: Readonly<Record<(typeof PARTS_PROVEN)[number], unknown>>,
): Record<string, string> {
  return Object.fromEntries(PARTS_PROVEN.map((name) => [name, partHash(body[name])]));
}
