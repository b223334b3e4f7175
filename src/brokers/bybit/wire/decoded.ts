/**
 * What a message decodes to. A message with problems is not `ok`: whoever forgets to look at
 * `sound` does nothing with it, which is the safe side. `sound` is the same message with the
 * records that decoded whole, so that one strange row need not hide the fills beside it; it is
 * undefined where nothing of the message can be trusted.
 */
export type Decoded<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problems: readonly string[]; readonly sound: T | undefined };

export function sound<T>(value: T, problems: readonly string[]): Decoded<T> {
  return problems.length === 0 ? { ok: true, value } : { ok: false, problems, sound: value };
}

export function unsound(problem: string): Decoded<never> {
  return { ok: false, problems: [problem], sound: undefined };
}

const SHOWN = 60;

/** A raw value as one short line, whatever it is. */
export function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'object' && value !== null)
    return Array.isArray(value) ? 'a list' : 'an object';
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value);
  return text.length <= SHOWN ? text : `${text.slice(0, SHOWN)}...`;
}

export type Row = Readonly<Record<string, unknown>>;

export function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
