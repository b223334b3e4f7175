/**
 * Order ids carry their key: `id = attempt x keys + key`, exact below 2^53. Written out, because
 * `%` on numbers beyond 2^31 is a slow library call and ids are taken apart at every message.
 */
export function keyOfOrder(orderId: number, keyCount: number): number {
  return orderId - Math.floor(orderId / keyCount) * keyCount;
}
