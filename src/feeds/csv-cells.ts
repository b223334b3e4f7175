import { InputError } from '../engine/invariant.ts';
import type { ByteCursor } from './byte-cursor.ts';
import { isoToMs, numberToMs, unitOfNumber } from './csv-time.ts';
import type { TimeUnit } from './csv-time.ts';
import type { InputFile } from './input-file.ts';
import { exactNumber, MAX_PRICE_TICKS } from './tick-scale.ts';
import type { TickScale } from './tick-scale.ts';

/** Mantissas below 2^53 over powers of ten up to 10^22 divide to the nearest double. */
const EXACT_POWERS = Float64Array.from({ length: 23 }, (_, power) => Number(`1e${power}`));

/** Turns the cell under a cursor into a number; every refusal names the file and the row. */
export class CellReader {
  readonly #cursor: ByteCursor;
  readonly #file: InputFile;
  /** How many lines a row number is moved by: files converted from Parquet have no header. */
  readonly #lineShift: number;
  #timeUnit: TimeUnit | undefined;

  constructor(cursor: ByteCursor, file: InputFile, lineShift: number) {
    this.#cursor = cursor;
    this.#file = file;
    this.#lineShift = lineShift;
  }

  get row(): number {
    return this.#cursor.line + this.#lineShift;
  }

  refuse(problem: string, row = this.row): never {
    throw new InputError(`${this.#file.name} row ${row}: ${problem}`);
  }

  time(): number {
    const cursor = this.#cursor;
    cursor.readDecimal();
    if (cursor.plain && cursor.fraction === 0 && this.#timeUnit === 'milliseconds') {
      const value = cursor.mantissa;
      if (value >= 1e11 && value < 1e14) return value;
    }
    return this.#slowTime();
  }

  price(name: string, scale: TickScale): number {
    const cursor = this.#cursor;
    cursor.readDecimal();
    const ticks = cursor.plain
      ? scale.ofDigits(cursor.mantissa, cursor.fraction)
      : this.#slowPrice(name, scale);
    if (ticks >= 1 && ticks <= MAX_PRICE_TICKS) return ticks;
    return this.#badPrice(name, ticks, scale.tickSize);
  }

  /** Any decimal as the nearest double. */
  decimal(name: string): number {
    const cursor = this.#cursor;
    cursor.readDecimal();
    if (cursor.plain && cursor.fraction <= 22) {
      return cursor.mantissa / (EXACT_POWERS[cursor.fraction] ?? NaN);
    }
    return this.#guarded(name, () => exactNumber(cursor.text()));
  }

  #slowPrice(name: string, scale: TickScale): number {
    return this.#guarded(name, () => scale.ofText(this.#cursor.text()));
  }

  #guarded(name: string, read: () => number): number {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      const text = this.#cursor.text();
      const what = text === '' ? 'is empty' : `"${text.slice(0, 40)}" is not a number`;
      return this.refuse(`${name} ${what}; expected a decimal such as 60000.5`);
    }
  }

  #badPrice(name: string, ticks: number, tickSize: string): never {
    const text = this.#cursor.text();
    if (Number.isNaN(ticks)) {
      return this.refuse(
        `${name} ${text} is off the tick ${tickSize}; ` +
          `--round-to-tick rounds to the nearest, or correct tickSize with --instrument`,
      );
    }
    if (ticks < 1) return this.refuse(`${name} ${text} is not above zero (after rounding)`);
    return this.refuse(`${name} ${text} is beyond 2^31 - 1 ticks; raise tickSize (--instrument)`);
  }

  #slowTime(): number {
    const cursor = this.#cursor;
    const text = cursor.text();
    const number = cursor.plain ? Number(text) : oddNumber(text);
    const iso = Number.isNaN(number) ? isoToMs(text) : NaN;
    const unit = Number.isNaN(iso) ? unitOfNumber(number) : 'iso';
    if (unit === undefined) return this.#badTime(text);
    this.#timeUnit ??= unit;
    const ms = unit === 'iso' ? iso : numberToMs(number, this.#timeUnit);
    if (unit !== this.#timeUnit) {
      return this.refuse(
        `time ${text} is in ${unit}, the rows before it in ${this.#timeUnit}; keep one unit`,
      );
    }
    if (!Number.isInteger(ms)) return this.refuse(`time ${text} is not a whole millisecond`);
    return ms;
  }

  #badTime(text: string): never {
    if (text === '') return this.refuse('the time is empty');
    const metatrader = /^\d{4}\.\d\d\.\d\d/.test(text);
    const hint = metatrader
      ? 'MetaTrader times carry no zone (Bybit writes them in UTC+3): convert them to UTC first'
      : 'expected epoch seconds, ms or us, or ISO 8601 such as 2024-01-31T00:00:00Z';
    return this.refuse(`time "${text.slice(0, 40)}" is not readable; ${hint}`);
  }
}

function oddNumber(text: string): number {
  return /^\+?\d+(\.\d+)?([eE]\+?\d+)?$/.test(text) ? Number(text) : NaN;
}
