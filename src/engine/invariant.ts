/** A broken promise of our own code. It stops the run and carries the numbers that broke it. */
export class InvariantError extends Error {
  override readonly name = 'InvariantError';
}

/**
 * For constant messages. On hot paths write `if (!ok) throw new InvariantError(...)`: a template
 * argument would be built at every call, broken or not.
 */
export function invariant(condition: boolean, message: string): asserts condition {
  if (!condition) throw new InvariantError(message);
}

/** Closes an exhaustive switch: the compiler refuses it while a case is missing. */
export function assertNever(value: never): never {
  throw new InvariantError(`unexpected value ${String(value)}`);
}

/** Bad input from a person: one line that says what, where, what was expected, how to mend it. */
export class InputError extends Error {
  override readonly name = 'InputError';
}
