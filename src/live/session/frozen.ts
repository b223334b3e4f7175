/**
 * State as JSON can hold it, and back. A graph is its public fields: numbers, flags, texts, columns,
 * sets of texts and what they nest; private fields of a class are its own to save.
 */
export type Frozen =
  number | string | boolean | null | readonly Frozen[] | { readonly [field: string]: Frozen };

type Fields = Record<string, unknown>;
type Column = Float64Array | Uint8Array | Int8Array | Int32Array | Uint32Array;

export function freeze(value: unknown): Frozen {
  switch (typeof value) {
    case 'number':
    case 'string':
    case 'boolean':
      return value;
    case 'object':
      break;
    default:
      return null;
  }
  if (value === null) return null;
  if (ArrayBuffer.isView(value)) return [...(value as Column)];
  if (value instanceof Set || Array.isArray(value)) return [...value].map(freeze);
  const fields: Record<string, Frozen> = {};
  for (const [name, field] of Object.entries(value)) fields[name] = freeze(field);
  return fields;
}

/**
 * Puts a frozen state into an object of the same shape. Returns where the shapes differ, else
 * undefined: a state of another program's making must not be taken for ours.
 */
export function thaw(target: object, frozen: unknown, path = 'state'): string | undefined {
  if (typeof frozen !== 'object' || frozen === null || Array.isArray(frozen)) return path;
  const to = target as Fields;
  const from = frozen as Fields;
  const names = Object.keys(to);
  if (names.length !== Object.keys(from).length) return path;
  for (const name of names) {
    const where = `${path}.${name}`;
    if (!(name in from)) return where;
    const wrong = thawField(to, name, from[name], where);
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}

function thawField(to: Fields, name: string, value: unknown, where: string): string | undefined {
  const now = to[name];
  if (ArrayBuffer.isView(now)) {
    const column = now as Column;
    if (!isNumbers(value) || value.length !== column.length) return where;
    column.set(value);
    return undefined;
  }
  if (now instanceof Set) {
    if (!Array.isArray(value)) return where;
    now.clear();
    for (const each of value) now.add(each);
    return undefined;
  }
  if (Array.isArray(now)) {
    if (!Array.isArray(value)) return where;
    now.splice(0, now.length, ...(value as unknown[]));
    return undefined;
  }
  if (typeof now === 'object' && now !== null) return thaw(now, value, where);
  if (typeof now === 'undefined' ? value !== null : typeof value !== typeof now) return where;
  if (now !== undefined) to[name] = value;
  return undefined;
}

function isNumbers(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'number');
}
