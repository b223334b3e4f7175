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

/** Whole numbers below 2^24. */
export function packUint24(values: ArrayLike<number>): string {
  const bytes = Buffer.alloc(values.length * 3);
  for (let i = 0; i < values.length; i++) bytes.writeUIntLE(values[i] ?? 0, i * 3, 3);
  return bytes.toString('base64');
}
