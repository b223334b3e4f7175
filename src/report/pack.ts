/**
 * Compact columns for a page. Whole numbers travel as zigzag varints of differences (a minute
 * candle takes about 7 bytes), reals as little-endian float32 or its upper 24 bits.
 */
export class VarintWriter {
  #bytes = new Uint8Array(1024);
  #length = 0;

  /** A whole number, |value| < 2^51. */
  push(value: number): void {
    if (this.#length + 8 > this.#bytes.length) this.#grow();
    let rest = value < 0 ? -2 * value - 1 : 2 * value;
    while (rest >= 128) {
      this.#bytes[this.#length++] = (rest % 128) + 128;
      rest = Math.floor(rest / 128);
    }
    this.#bytes[this.#length++] = rest;
  }

  base64(): string {
    return Buffer.from(this.#bytes.buffer, 0, this.#length).toString('base64');
  }

  #grow(): void {
    const larger = new Uint8Array(this.#bytes.length * 2);
    larger.set(this.#bytes);
    this.#bytes = larger;
  }
}

export function packFloat32(values: ArrayLike<number>): string {
  const bytes = Buffer.alloc(values.length * 4);
  for (let i = 0; i < values.length; i++) bytes.writeFloatLE(values[i] ?? NaN, i * 4);
  return bytes.toString('base64');
}

/** Float32 rounded to its upper 24 bits: five significant digits in three bytes. */
export function packFloat24(values: ArrayLike<number>): string {
  const bytes = Buffer.alloc(values.length * 3);
  const view = new DataView(new ArrayBuffer(4));
  for (let i = 0; i < values.length; i++) {
    view.setFloat32(0, values[i] ?? NaN, true);
    const bits = view.getUint32(0, true);
    const special = (bits & 0x7f800000) === 0x7f800000;
    bytes.writeUIntLE((special ? bits : Math.min(bits + 0x80, 0xffffffff)) >>> 8, i * 3, 3);
  }
  return bytes.toString('base64');
}

export function packUint16(values: ArrayLike<number>): string {
  const bytes = Buffer.alloc(values.length * 2);
  for (let i = 0; i < values.length; i++) bytes.writeUInt16LE(values[i] ?? 0, i * 2);
  return bytes.toString('base64');
}

/**
 * Reals in 16 bits: a sign and a position on the column's logarithmic scale, at least three
 * significant digits over six decades; what is smaller than a millionth of the largest is zero.
 */
export function packLog16(values: ArrayLike<number>): { log16: string; low: number; step: number } {
  let largest = 0;
  let smallest = Infinity;
  for (let i = 0; i < values.length; i++) {
    const size = Math.abs(values[i] ?? NaN);
    if (!Number.isFinite(size) || size === 0) continue;
    largest = Math.max(largest, size);
    smallest = Math.min(smallest, size);
  }
  const low = Math.log(Math.max(Math.min(smallest, largest), largest / 1e6) || 1);
  const step = (Math.log(largest || 1) - low) / (LOG16_CODES - 1) || 1;
  const codes = Uint16Array.from({ length: values.length }, (_, index) => {
    const value = values[index] ?? NaN;
    if (!Number.isFinite(value)) return LOG16_NOTHING;
    const code = Math.round((Math.log(Math.abs(value)) - low) / step) + 1;
    return code < 1 ? 0 : code + (value < 0 ? 0x8000 : 0);
  });
  return { log16: packUint16(codes), low, step };
}

const LOG16_CODES = 0x7ffe;
const LOG16_NOTHING = 0xffff;
