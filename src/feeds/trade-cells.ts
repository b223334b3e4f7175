import { parseDecimal } from '../engine/rational.ts';
import type { ByteCursor } from './byte-cursor.ts';
import type { CellReader } from './csv-cells.ts';
import { isoToMs, unitOfNumber } from './csv-time.ts';
import type { TimeUnit } from './csv-time.ts';
import type { TickScale } from './tick-scale.ts';

/** Digits between a unit and the microsecond. */
const MICRO_DIGITS = { seconds: 6, milliseconds: 3, microseconds: 0 } as const;

/** Cells that only trade files have; every refusal names the file and the row. */
export class TradeCells {
  readonly #cursor: ByteCursor;
  readonly #cells: CellReader;
  #unit: TimeUnit | undefined;

  constructor(cursor: ByteCursor, cells: CellReader) {
    this.#cursor = cursor;
    this.#cells = cells;
  }

  /** Epoch microseconds, cut off below. */
  timeUs(): number {
    const cursor = this.#cursor;
    cursor.readDecimal();
    if (!cursor.plain) return this.#slowTimeUs();
    const { mantissa, fraction } = cursor;
    const unit = unitOfNumber(mantissa / 10 ** fraction);
    if (unit === undefined || unit === 'iso') return this.#badTime();
    this.#holdUnit(unit);
    const shift = MICRO_DIGITS[unit] - fraction;
    return shift >= 0 ? mantissa * 10 ** shift : Math.floor(mantissa / 10 ** -shift);
  }

  sizeSteps(scale: TickScale): number {
    const cursor = this.#cursor;
    cursor.readDecimal();
    const steps = cursor.plain
      ? scale.ofDigits(cursor.mantissa, cursor.fraction)
      : this.#slowSize(scale);
    if (steps >= 1 && steps <= Number.MAX_SAFE_INTEGER) return steps;
    const text = cursor.text();
    if (!Number.isNaN(steps)) return this.#cells.refuse(`size ${text} is not above zero`);
    return this.#cells.refuse(
      `size ${text} is not a whole number of steps of ${scale.tickSize}; ` +
        `correct qtyStep with --instrument`,
    );
  }

  /** 1 = the taker bought, -1 = the taker sold. */
  takerSide(): number {
    const text = this.#text();
    const side = text.toLowerCase();
    if (side === 'buy') return 1;
    if (side === 'sell') return -1;
    return this.#cells.refuse(`side "${text.slice(0, 40)}" is neither Buy nor Sell`);
  }

  id(): string {
    const text = this.#text();
    return text === '' ? this.#cells.refuse('the trade id is empty') : text;
  }

  refuseOtherSymbol(symbol: string): void {
    const text = this.#text();
    if (text.toUpperCase() === symbol.toUpperCase()) return;
    this.#cells.refuse(`a trade of ${text.slice(0, 40)}, not of ${symbol}; check --symbol`);
  }

  #text(): string {
    this.#cursor.skipCell();
    return this.#cursor.text();
  }

  #slowSize(scale: TickScale): number {
    const text = this.#cursor.text();
    if (isDecimal(text)) return scale.ofText(text);
    const what = text === '' ? 'is empty' : `"${text.slice(0, 40)}" is not a number`;
    return this.#cells.refuse(`size ${what}; expected a decimal such as 0.25`);
  }

  #slowTimeUs(): number {
    const text = this.#cursor.text();
    if (!isDecimal(text)) {
      const ms = isoToMs(text);
      if (Number.isNaN(ms)) return this.#badTime();
      this.#holdUnit('iso');
      return Math.round(ms * 1000);
    }
    const unit = unitOfNumber(Number(text));
    if (unit === undefined || unit === 'iso') return this.#badTime();
    this.#holdUnit(unit);
    const { num, den } = parseDecimal(text);
    return Number((num * 10n ** BigInt(MICRO_DIGITS[unit])) / den);
  }

  #holdUnit(unit: TimeUnit): void {
    this.#unit ??= unit;
    if (unit === this.#unit) return;
    this.#cells.refuse(
      `time ${this.#cursor.text()} is in ${unit}, the rows before it in ${this.#unit}; ` +
        `keep one unit`,
    );
  }

  #badTime(): never {
    const text = this.#cursor.text();
    if (text === '') return this.#cells.refuse('the time is empty');
    return this.#cells.refuse(
      `time "${text.slice(0, 40)}" is not readable; expected epoch seconds, ms or us, or ISO 8601`,
    );
  }
}

function isDecimal(text: string): boolean {
  return /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?$/.test(text);
}
