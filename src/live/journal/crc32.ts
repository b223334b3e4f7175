const POLYNOMIAL = 0xedb88320;

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ POLYNOMIAL : value >>> 1;
  return value;
});

/** CRC-32 (IEEE 802.3) of bytes [from, to). */
export function crc32(bytes: Uint8Array, from: number, to: number): number {
  let crc = -1;
  for (let at = from; at < to; at += 1) crc = advance(crc, bytes[at] ?? 0);
  return ~crc >>> 0;
}

/** CRC-32 of a text's UTF-8 bytes. */
export function crc32OfText(text: string): number {
  let crc = -1;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code > 0x7f) return crc32OfBytes(text);
    crc = advance(crc, code);
  }
  return ~crc >>> 0;
}

function crc32OfBytes(text: string): number {
  const bytes = new TextEncoder().encode(text);
  return crc32(bytes, 0, bytes.length);
}

function advance(crc: number, byte: number): number {
  return (TABLE[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8);
}

/** Eight lowercase hex digits. */
export function crcText(crc: number): string {
  return crc.toString(16).padStart(8, '0');
}
