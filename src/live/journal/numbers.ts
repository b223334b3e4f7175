/**
 * JSON has no NaN, no infinities and no -0, but a journal must give back what was acted on, bit
 * for bit. Such a number is written as a string that begins with NUL; an honest string that
 * begins with NUL gets one more.
 */
const MARK = '\u0000';
const ESCAPED_MARK = '\\u0000';

/** JSON of a value, lossless for every number. */
export function stringify(value: object): string {
  return needsEscape(value) ? JSON.stringify(value, escape) : JSON.stringify(value);
}

/** The reverse. Throws what JSON.parse throws. */
export function parse(text: string): unknown {
  return text.includes(ESCAPED_MARK) ? JSON.parse(text, unescape) : JSON.parse(text);
}

function needsEscape(value: unknown): boolean {
  switch (typeof value) {
    case 'number':
      return !Number.isFinite(value) || Object.is(value, -0);
    case 'string':
      return value.charCodeAt(0) === 0;
    case 'object':
      return value !== null && holdsSpecial(value);
    default:
      return false;
  }
}

function holdsSpecial(value: object): boolean {
  if (Array.isArray(value)) return value.some(needsEscape);
  for (const name in value) if (needsEscape((value as Record<string, unknown>)[name])) return true;
  return false;
}

function escape(_name: string, value: unknown): unknown {
  if (!needsEscape(value) || typeof value === 'object') return value;
  return MARK + (Object.is(value, -0) ? '-0' : String(value));
}

function unescape(_name: string, value: unknown): unknown {
  if (typeof value !== 'string' || value.charCodeAt(0) !== 0) return value;
  const text = value.slice(1);
  return text.charCodeAt(0) === 0 ? text : (SPECIAL.get(text) ?? text);
}

const SPECIAL = new Map<string, number>([
  ['NaN', NaN],
  ['Infinity', Infinity],
  ['-Infinity', -Infinity],
  ['-0', -0],
]);
