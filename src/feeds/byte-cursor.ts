const NEWLINE = 10;
const RETURN = 13;
const SPACE = 32;
const QUOTE = 34;
const POINT = 46;
const ZERO = 48;

/** Mantissas up to here stay exact while another digit is appended. */
const EXACT_LIMIT = 900_000_000_000_000;

/** Walks delimited bytes cell by cell. A plain decimal is read in place, without a string. */
export class ByteCursor {
  at = 0;
  /** 1-based line of the current row, as an editor counts it. */
  line = 1;
  mantissa = 0;
  fraction = 0;
  /** False when the last cell was not a plain decimal: read it with `text()`. */
  plain = false;
  #start = 0;
  #end = 0;
  readonly bytes: Buffer;
  readonly #delimiter: number;
  readonly #length: number;

  constructor(bytes: Buffer, delimiter: number) {
    this.bytes = bytes;
    this.#delimiter = delimiter;
    this.#length = bytes.length;
  }

  atEnd(): boolean {
    return this.at >= this.#length;
  }

  /** True when the byte under the cursor ends the row. */
  atRowEnd(): boolean {
    const byte = this.bytes[this.at];
    return byte === undefined || byte === NEWLINE || byte === RETURN;
  }

  /** Over the delimiter to the next cell; false when the row is over. */
  nextCell(): boolean {
    if (this.bytes[this.at] !== this.#delimiter) return false;
    this.at += 1;
    return true;
  }

  nextRow(): void {
    if (this.bytes[this.at] === RETURN) this.at += 1;
    if (this.bytes[this.at] === NEWLINE) this.at += 1;
    this.line += 1;
  }

  /** Over the cell, whatever it holds; a quoted cell may hold delimiters. */
  skipCell(): void {
    this.#start = this.at;
    if (this.bytes[this.at] === QUOTE) this.#skipQuoted();
    while (!this.atRowEnd() && this.bytes[this.at] !== this.#delimiter) this.at += 1;
    this.#end = this.at;
  }

  /** Reads the cell as `mantissa x 10^-fraction`; anything but digits and a point is not plain. */
  readDecimal(): void {
    const { bytes } = this;
    const start = this.at;
    let at = start;
    let mantissa = 0;
    let pointAt = -1;
    let byte = bytes[at] ?? NEWLINE;
    for (;;) {
      const digit = byte - ZERO;
      if (digit >= 0 && digit <= 9) {
        if (mantissa > EXACT_LIMIT) break;
        mantissa = mantissa * 10 + digit;
      } else if (byte === POINT && pointAt < 0) {
        pointAt = at;
      } else break;
      at += 1;
      byte = at < this.#length ? (bytes[at] ?? NEWLINE) : NEWLINE;
    }
    const digits = at - start - (pointAt < 0 ? 0 : 1);
    const ended = byte === this.#delimiter || byte === NEWLINE || byte === RETURN;
    if (!ended || digits === 0) {
      this.plain = false;
      this.skipCell();
      return;
    }
    this.plain = true;
    this.mantissa = mantissa;
    this.fraction = pointAt < 0 ? 0 : at - pointAt - 1;
    this.#start = start;
    this.#end = at;
    this.at = at;
  }

  /** The last cell as written, without quotes and outer blanks. */
  text(): string {
    let [start, end] = [this.#start, this.#end];
    while (start < end && this.bytes[start] === SPACE) start += 1;
    while (end > start && this.bytes[end - 1] === SPACE) end -= 1;
    if (end - start >= 2 && this.bytes[start] === QUOTE && this.bytes[end - 1] === QUOTE) {
      [start, end] = [start + 1, end - 1];
    }
    return this.bytes.toString('utf8', start, end).replaceAll('""', '"').trim();
  }

  #skipQuoted(): void {
    this.at += 1;
    while (this.at < this.#length) {
      const byte = this.bytes[this.at];
      this.at += 1;
      if (byte !== QUOTE) continue;
      if (this.bytes[this.at] !== QUOTE) return;
      this.at += 1;
    }
  }
}

/** Rows the bytes can hold at most: newlines, and a last line that has none. */
export function countLines(bytes: Buffer): number {
  let lines = 1;
  for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) lines += 1;
  return lines;
}
