const POLYNOMIAL = 0xedb88320;
const BYTES_A_STRIDE = 4;

/** Column s: what a byte does to the checksum that `s` further bytes follow. */
const TABLE = new Uint32Array(256 * BYTES_A_STRIDE);
for (let byte = 0; byte < 256; byte += 1) {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ POLYNOMIAL : value >>> 1;
  TABLE[byte] = value;
}
for (let at = 256; at < TABLE.length; at += 1) {
  const before = TABLE[at - 256] ?? 0;
  TABLE[at] = (before >>> 8) ^ (TABLE[before & 0xff] ?? 0);
}
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** CRC-32 (IEEE 802.3) of bytes [from, to). */
export function crc32(bytes: Uint8Array, from: number, to: number): number {
  let crc = -1;
  let at = from;
  for (; at + BYTES_A_STRIDE <= to; at += BYTES_A_STRIDE) {
    const low = (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8);
    const high = ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24);
    crc = stride(crc ^ low ^ high);
  }
  for (; at < to; at += 1) crc = advance(crc, bytes[at] ?? 0);
  return ~crc >>> 0;
}

/** CRC-32 of a text's UTF-8 bytes. */
export function crc32OfText(text: string): number {
  let crc = -1;
  let at = 0;
  for (; at + BYTES_A_STRIDE <= text.length; at += BYTES_A_STRIDE) {
    const [a, b] = [text.charCodeAt(at), text.charCodeAt(at + 1)];
    const [c, d] = [text.charCodeAt(at + 2), text.charCodeAt(at + 3)];
    if ((a | b | c | d) > 0x7f) return crc32OfBytes(text);
    crc = stride(crc ^ (a | (b << 8) | (c << 16) | (d << 24)));
  }
  for (; at < text.length; at += 1) {
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

/** Four bytes at once, which the word already holds. */
function stride(word: number): number {
  return (
    (TABLE[768 + (word & 0xff)] ?? 0) ^
    (TABLE[512 + ((word >>> 8) & 0xff)] ?? 0) ^
    (TABLE[256 + ((word >>> 16) & 0xff)] ?? 0) ^
    (TABLE[word >>> 24] ?? 0)
  );
}

/** Eight lowercase hex digits. */
export function crcText(crc: number): string {
  const [first, second] = [HEX[crc >>> 24] ?? '', HEX[(crc >>> 16) & 0xff] ?? ''];
  const [third, fourth] = [HEX[(crc >>> 8) & 0xff] ?? '', HEX[crc & 0xff] ?? ''];
  return first + second + third + fourth;
}
