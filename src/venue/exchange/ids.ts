import { draw } from '../philox.ts';

const ID_LEG = 40;

/** The n-th id of a seed, in the form of a UUID. */
export function uuid(seed: number, n: number): string {
  const a = hex(draw(seed, ID_LEG, n, 0));
  const b = hex(draw(seed, ID_LEG, n, 1));
  const c = n.toString(16).padStart(12, '0');
  return `${a}-${b.slice(0, 4)}-4${b.slice(5)}-8${a.slice(1, 4)}-${c}`;
}

function hex(word: number): string {
  return word.toString(16).padStart(8, '0');
}
