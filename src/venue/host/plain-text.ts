import type { Body } from '../exchange/order-ask.ts';

/**
 * What a client sends as text. `String` would ask an object for its own `toString`, and a client
 * that sends `{"toString": 1}` would have the last word.
 */
export function plainText(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** Fields as the endpoints read them: no objects within, only their text. */
export function plainBody(body: Body): Body {
  const isPlain = Object.values(body).every((value) => typeof value !== 'object' || value === null);
  if (isPlain) return body;
  const entries = Object.entries(body).map(([name, value]) =>
    typeof value === 'object' && value !== null ? [name, plainText(value)] : [name, value],
  );
  return Object.fromEntries(entries) as Body;
}
