/** Where the reference prints what happens; nothing is printed by default. */
export const tracing = { from: Infinity, to: -Infinity };

export function trace(t: number, what: string, detail: unknown): void {
  if (t < tracing.from || t > tracing.to) return;
  const text = JSON.stringify(detail, (_, value: unknown) => (typeof value === 'bigint' ? Number(value) : value));
  console.log(t, what, text);
}
