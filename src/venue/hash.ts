const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/** FNV-1a over UTF-16 code units, as an unsigned 32-bit number; `from` continues an earlier one. */
export function hashText(text: string, from: number = FNV_OFFSET): number {
  let hash = from;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), FNV_PRIME);
  return hash >>> 0;
}

/** Continues a hash with a whole number of up to 53 bits. */
export function hashNumber(value: number, from: number): number {
  const low = Math.imul(from ^ (value | 0), FNV_PRIME);
  return Math.imul(low ^ Math.floor(value / 0x100000000), FNV_PRIME) >>> 0;
}

export function hashWord(hash: number): string {
  return (hash >>> 0).toString(16).padStart(8, '0');
}
