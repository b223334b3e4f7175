import { InputError } from './invariant.ts';

export type ParameterValue = number | string | boolean;
export type ParameterValues = Readonly<Record<string, ParameterValue>>;

type Described = { readonly name: string; readonly doc: string };

export type ParameterSpec =
  | (Described & {
      readonly type: 'number' | 'integer';
      readonly default: number;
      readonly min?: number;
      readonly max?: number;
      /** The minimum itself is not allowed. */
      readonly exclusiveMin?: boolean;
    })
  | (Described & {
      readonly type: 'choice';
      readonly default: string;
      readonly choices: readonly string[];
    })
  | (Described & { readonly type: 'boolean'; readonly default: boolean });

/**
 * Values for every parameter: what was given, checked, over the defaults. A text is read as the
 * parameter's type. Throws InputError naming the parameter and what is expected.
 */
export function resolveParameters(
  strategy: string,
  specs: readonly ParameterSpec[],
  given: Readonly<Record<string, unknown>>,
): ParameterValues {
  const known = new Map(specs.map((spec) => [spec.name, spec]));
  for (const name of Object.keys(given)) {
    if (!known.has(name)) {
      throw new InputError(
        `${strategy} has no parameter "${name}"; it has ${specs.map((spec) => spec.name).join(', ')}`,
      );
    }
  }
  const values: Record<string, ParameterValue> = {};
  for (const spec of specs) {
    const raw = Object.hasOwn(given, spec.name) ? given[spec.name] : undefined;
    values[spec.name] = raw === undefined ? spec.default : readParameter(strategy, spec, raw);
  }
  return Object.freeze(values);
}

export function readParameter(strategy: string, spec: ParameterSpec, raw: unknown): ParameterValue {
  const refuse = (expected: string): never => {
    throw new InputError(
      `${strategy}: ${spec.name} is ${JSON.stringify(raw)}, expected ${expected}`,
    );
  };
  switch (spec.type) {
    case 'boolean':
      if (raw === true || raw === 'true') return true;
      if (raw === false || raw === 'false') return false;
      return refuse('true or false');
    case 'choice':
      if (typeof raw === 'string' && spec.choices.includes(raw)) return raw;
      return refuse(`one of ${spec.choices.join(', ')}`);
    case 'number':
    case 'integer':
      return readNumber(spec, raw, refuse);
  }
}

type NumberSpec = Extract<ParameterSpec, { type: 'number' | 'integer' }>;

function readNumber(spec: NumberSpec, raw: unknown, refuse: (expected: string) => never): number {
  const text = typeof raw === 'string' ? raw.trim() : raw;
  const value =
    typeof text === 'number' ? text : typeof text === 'string' && text !== '' ? Number(text) : NaN;
  const min = spec.min ?? -Number.MAX_SAFE_INTEGER;
  const max = spec.max ?? Number.MAX_SAFE_INTEGER;
  const what = spec.type === 'integer' ? 'a whole number' : 'a number';
  const above =
    spec.exclusiveMin === true
      ? `above ${min}`
      : spec.max === undefined
        ? `of at least ${min}`
        : `from ${min}`;
  const range =
    spec.min === undefined && spec.max === undefined
      ? ''
      : ` ${above}${spec.max === undefined ? '' : ` to ${max}`}`;
  const fits =
    Number.isFinite(value) &&
    value <= max &&
    (spec.exclusiveMin === true ? value > min : value >= min);
  if (!fits || (spec.type === 'integer' && !Number.isInteger(value)))
    return refuse(`${what}${range}`);
  return value;
}
