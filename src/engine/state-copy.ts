import { invariant } from './invariant.ts';

type Fields = Record<string, unknown>;

/** Field names by class: every state class sets all its fields when it is made. */
const fieldNames = new WeakMap<object, readonly string[]>();

function namesOf(state: object): readonly string[] {
  const maker = state.constructor;
  const known = fieldNames.get(maker);
  if (known !== undefined) return known;
  const names = Object.keys(state);
  fieldNames.set(maker, names);
  return names;
}

/**
 * Copies the state of one object graph into another of the same shape: numbers, booleans, typed
 * arrays and nested state objects, by their own public fields. Complete by construction, so a
 * field added later cannot be forgotten. Objects marked `shared` (instrument, tape) are not state.
 */
export function copyState(target: object, source: object, shared: ReadonlySet<object>): void {
  const to = target as Fields;
  const from = source as Fields;
  for (const name of namesOf(source)) {
    const value = from[name];
    if (typeof value === 'number' || typeof value === 'boolean') {
      to[name] = value;
    } else if (value instanceof Float64Array) {
      to[name] = copyColumn(to[name], value);
    } else if (ArrayBuffer.isView(value)) {
      (to[name] as Uint8Array).set(value as Uint8Array);
    } else if (typeof value === 'object' && value !== null && !shared.has(value)) {
      const inner = to[name];
      invariant(typeof inner === 'object' && inner !== null, `state field ${name} has no copy`);
      copyState(inner, value, shared);
    }
  }
}

/** Columns may have grown in the source since the copy was made. */
function copyColumn(target: unknown, source: Float64Array): Float64Array {
  if (target instanceof Float64Array && target.length === source.length) {
    target.set(source);
    return target;
  }
  return source.slice();
}
