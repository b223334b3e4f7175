import { InputError } from '../engine/invariant.ts';
import { readParameter } from '../engine/parameters.ts';
import type { ParameterSpec, ParameterValue } from '../engine/parameters.ts';
import type { AnyStrategy } from '../engine/strategy.ts';

export const MAX_POINTS = 1_000_000;

/** One parameter that is varied. */
export type Axis = {
  readonly name: string;
  /** Every value, numbers ascending; of a continuous axis its two ends. */
  readonly values: readonly ParameterValue[];
  /** Numbers: neighbours are close to each other. */
  readonly ordered: boolean;
  /** Any number between the ends; only where points are drawn. */
  readonly continuous: boolean;
};

/** The text of one axis: `a:b:step`, `a:b` or `v1,v2`. Every value passes the parameter's checks. */
export function parseAxis(strategy: AnyStrategy, name: string, text: string): Axis {
  const spec = strategy.parameters.find((each) => each.name === name);
  if (spec === undefined) {
    const known = strategy.parameters.map((each) => each.name).join(', ');
    throw new InputError(`--grid ${name}: ${strategy.name} has no such parameter; it has ${known}`);
  }
  const where = `--grid ${name}=${text}`;
  if (text.trim() === '') throw new InputError(`--grid ${name}= has no values: ${EXAMPLES}`);
  const range = text.includes(':') ? parseRange(where, spec, text) : undefined;
  const raw = range?.values ?? text.split(',').map((each) => each.trim());
  const values = raw.map((value) => {
    if (value === '') throw new InputError(`${where} has an empty value: ${EXAMPLES}`);
    return readParameter(strategy.name, spec, value);
  });
  const ordered = spec.type === 'number' || spec.type === 'integer';
  const twice = values.find((value, at) => values.indexOf(value) !== at);
  if (twice !== undefined) throw new InputError(`${where} names ${String(twice)} twice: keep one`);
  if (ordered) values.sort((a, b) => Number(a) - Number(b));
  return { name, values, ordered, continuous: range?.continuous ?? false };
}

const EXAMPLES = 'write e.g. multiplier=0.1:3:0.1 or takeProfit=0.25,0.5,1';

type Range = { readonly values: string[]; readonly continuous: boolean };

function parseRange(where: string, spec: ParameterSpec, text: string): Range {
  if (spec.type !== 'number' && spec.type !== 'integer') {
    throw new InputError(`${where}: ${spec.name} is not a number; list its values with commas`);
  }
  const parts = text.split(':').map((part) => part.trim());
  const good = parts.length <= 3 && parts.every((part) => /^-?\d{1,15}(\.\d{1,12})?$/.test(part));
  if (!good) throw new InputError(`${where} is not a range: ${EXAMPLES}`);
  const [from = '', to = ''] = parts;
  if (parts.length === 2 && spec.type === 'number') {
    if (Number(from) >= Number(to)) throw new InputError(emptyRange(where, from, to));
    return { values: [from, to], continuous: true };
  }
  return { values: decimalRange(where, from, to, parts[2] ?? '1'), continuous: false };
}

/** From `from` to `to` inclusive in exact decimal steps: 0.1:0.3:0.1 is 0.1, 0.2, 0.3. */
function decimalRange(where: string, from: string, to: string, step: string): string[] {
  const digits = Math.max(...[from, to, step].map((text) => (text.split('.')[1] ?? '').length));
  const [first, last, each] = [from, to, step].map((text) => scaled(text, digits));
  if (first === undefined || last === undefined || each === undefined) return [];
  if (each <= 0n) throw new InputError(`${where}: the step ${step} is not above zero`);
  if (first > last) throw new InputError(emptyRange(where, from, to));
  const count = (last - first) / each + 1n;
  if (count > BigInt(MAX_POINTS)) {
    throw new InputError(`${where} has ${count} values, at most ${MAX_POINTS}: take a longer step`);
  }
  return Array.from({ length: Number(count) }, (_, i) => unscaled(first + BigInt(i) * each, digits));
}

function emptyRange(where: string, from: string, to: string): string {
  return `${where} is empty: ${from} is not below ${to}`;
}

function scaled(text: string, digits: number): bigint {
  const [whole = '', fraction = ''] = text.split('.');
  return BigInt(`${whole}${fraction.padEnd(digits, '0')}`);
}

function unscaled(value: bigint, digits: number): string {
  const sign = value < 0n ? '-' : '';
  const text = String(value < 0n ? -value : value).padStart(digits + 1, '0');
  const whole = text.slice(0, text.length - digits);
  return digits === 0 ? `${sign}${whole}` : `${sign}${whole}.${text.slice(-digits)}`;
}
