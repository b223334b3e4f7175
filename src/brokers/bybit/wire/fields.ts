import { BUY, SELL } from '../../../engine/units.ts';
import type { Side } from '../../../engine/units.ts';
import { wholeNumber } from './decimal.ts';
import { shown } from './decoded.ts';
import type { Row } from './decoded.ts';
import type { Scale } from './scale.ts';

/**
 * Reads typed fields out of one record and notes each that is not what it has to be. After a
 * problem the values read are placeholders: a record is used only while `sound`.
 */
export class Fields {
  readonly problems: string[] = [];
  readonly #scale: Scale;
  #row: Row = {};
  #list = '';
  #at = 0;
  #problemsBefore = 0;

  constructor(scale: Scale) {
    this.#scale = scale;
  }

  /** The next record: number `at` of `list`, as problems name it. */
  enter(row: Row, list: string, at: number): this {
    this.#row = row;
    this.#list = list;
    this.#at = at;
    this.#problemsBefore = this.problems.length;
    return this;
  }

  /** No problem since `enter`. */
  get sound(): boolean {
    return this.problems.length === this.#problemsBefore;
  }

  problem(name: string, expected: string): void {
    const where = `${this.#list}${this.#which()}.${name}`;
    this.problems.push(`${where}: expected ${expected}, got ${shown(this.#row[name])}`);
  }

  /** By the identity of its own, which stays when the list moves on; else by its place. */
  #which(): string {
    const id = this.#row['execId'] ?? this.#row['orderId'];
    return typeof id === 'string' && id !== '' ? ` ${shown(id)}` : `[${this.#at}]`;
  }

  text(name: string): string {
    const value = this.#row[name];
    if (typeof value === 'string') return value;
    this.problem(name, 'a string');
    return '';
  }

  /** A string that is there and not empty: an identifier. */
  id(name: string): string {
    const value = this.#row[name];
    if (typeof value === 'string' && value !== '') return value;
    this.problem(name, 'an identifier');
    return '';
  }

  /** A string that some messages leave out. */
  textOrAbsent(name: string): string {
    return this.#row[name] === undefined ? '' : this.text(name);
  }

  flag(name: string): boolean {
    const value = this.#row[name];
    if (typeof value === 'boolean') return value;
    this.problem(name, 'true or false');
    return false;
  }

  /** A whole JSON number, not negative. */
  whole(name: string): number {
    const value = this.#row[name];
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
    this.problem(name, 'a whole number');
    return 0;
  }

  /**
   * A `seq`, which only helps to order: documented as a number, seen as a string, as -1 on a
   * position that never was, and missing. 0 where it says nothing; no fill is refused for it.
   */
  sequence(name: string): number {
    const value = this.#row[name];
    if (value === undefined || value === -1) return 0;
    if (typeof value !== 'string') return this.whole(name);
    return this.#checked(wholeNumber(value), name, 'a whole number');
  }

  /** Epoch milliseconds written as a string. */
  timeText(name: string): number {
    const value = this.#row[name];
    const timeMs = typeof value === 'string' && value !== '' ? wholeNumber(value) : NaN;
    return this.#checked(timeMs, name, 'milliseconds in a string');
  }

  /** One of a closed list of words; an unknown word is a problem, never a guess. */
  word<Word extends string>(name: string, words: readonly Word[]): Word {
    const value = this.#row[name];
    for (const word of words) if (word === value) return word;
    this.problem(name, `one of ${words.join(' ')}`);
    return words[0] as Word;
  }

  side(name: string): Side {
    const value = this.#row[name];
    if (value === 'Buy') return BUY;
    if (value === 'Sell') return SELL;
    this.problem(name, 'Buy or Sell');
    return BUY;
  }

  /** A price on the tick, above zero. */
  price(name: string): number {
    const value = this.#row[name];
    const ticks = typeof value === 'string' ? this.#scale.ticks(value) : NaN;
    return this.#checked(ticks > 0 ? ticks : NaN, name, 'a price on the tick');
  }

  /** A price on the tick, or 0 where the field is empty or zero. */
  priceOrNone(name: string): number {
    const value = this.#row[name];
    if (value === '') return 0;
    const ticks = typeof value === 'string' ? this.#scale.ticks(value) : NaN;
    return this.#checked(ticks >= 0 ? ticks : NaN, name, 'a price on the tick, or none');
  }

  /** A quantity on the step, zero allowed. */
  qty(name: string): number {
    const value = this.#row[name];
    const steps = typeof value === 'string' ? this.#scale.steps(value) : NaN;
    return this.#checked(steps >= 0 ? steps : NaN, name, 'a quantity on the step');
  }

  /** A quantity on the step, or 0 where the field is empty or absent. */
  qtyOrNone(name: string): number {
    const value = this.#row[name];
    return value === '' || value === undefined ? 0 : this.qty(name);
  }

  money(name: string): number {
    const value = this.#row[name];
    const units = typeof value === 'string' ? this.#scale.money(value) : NaN;
    return this.#checked(units, name, 'an amount in a string');
  }

  /** An amount, or 0 where the field is empty or absent. */
  moneyOrNone(name: string): number {
    const value = this.#row[name];
    return value === '' || value === undefined ? 0 : this.money(name);
  }

  #checked(value: number, name: string, expected: string): number {
    if (!Number.isNaN(value)) return value;
    this.problem(name, expected);
    return 0;
  }
}
