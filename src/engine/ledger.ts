import type { Instrument } from './instrument.ts';
import { InvariantError } from './invariant.ts';
import { checkedMoney, mulDivRound } from './rational.ts';

/**
 * A position and its money, in one-way mode: signed quantity, value at entry, realised PnL, fees
 * and funding. Every booking is rounded once; averages are derived, never stored.
 */
export class Ledger {
  positionSteps = 0;
  /** Sum of the open position's entry values, settle money, never negative. */
  entryValue = NaN;
  realised = NaN;
  fees = NaN;
  /** Paid; negative when received. */
  funding = NaN;
  readonly #instrument: Instrument;

  constructor(instrument: Instrument) {
    this.#instrument = instrument;
    // Money outgrows small whole numbers: floats from the start keep the class to one shape.
    this.reset();
  }

  reset(): void {
    this.positionSteps = 0;
    this.entryValue = 0;
    this.realised = 0;
    this.fees = 0;
    this.funding = 0;
  }

  copyFrom(other: Ledger): void {
    this.positionSteps = other.positionSteps;
    this.entryValue = other.entryValue;
    this.realised = other.realised;
    this.fees = other.fees;
    this.funding = other.funding;
  }

  /** Books a fill; one that crosses zero closes the old position and opens the rest. */
  fill(side: number, qtySteps: number, priceTicks: number, fee: number): void {
    if (!(qtySteps > 0)) throw new InvariantError(`fill of ${qtySteps} steps`);
    this.fees = checkedMoney(this.fees + fee);
    const held = Math.abs(this.positionSteps);
    const closing = this.positionSteps * side < 0 ? Math.min(held, qtySteps) : 0;
    if (closing > 0) this.#close(closing, held, priceTicks);
    const opening = qtySteps - closing;
    if (opening > 0) {
      this.entryValue = checkedMoney(this.entryValue + this.#instrument.value(opening, priceTicks));
    }
    this.positionSteps += side * qtySteps;
  }

  bookFunding(paid: number): void {
    this.funding = checkedMoney(this.funding + paid);
  }

  /** Realised PnL less fees and funding: what the wallet has gained. */
  cash(): number {
    return this.realised - this.fees - this.funding;
  }

  /** Unrealised PnL at a price in ticks, unrounded money units. */
  unrealised(priceTicks: number): number {
    if (this.positionSteps === 0) return 0;
    const held = Math.abs(this.positionSteps);
    const gain = held * this.#instrument.valuePerStep(priceTicks) - this.entryValue;
    return this.positionSteps > 0 === this.#instrument.inverse ? -gain : gain;
  }

  /** Average entry price in ticks (harmonic for inverse); NaN when flat. */
  averageEntryTicks(): number {
    if (this.positionSteps === 0) return NaN;
    const perStep = this.entryValue / Math.abs(this.positionSteps);
    const atOneTick = this.#instrument.valuePerStep(1);
    return this.#instrument.inverse ? atOneTick / perStep : perStep / atOneTick;
  }

  #close(steps: number, held: number, priceTicks: number): void {
    const entered = steps === held ? this.entryValue : mulDivRound(this.entryValue, steps, held);
    const left = this.#instrument.value(steps, priceTicks);
    const long = this.positionSteps > 0;
    // Linear longs gain when the value rises; inverse longs when the coins it takes to close fall.
    const gain = long === this.#instrument.inverse ? entered - left : left - entered;
    this.realised = checkedMoney(this.realised + gain);
    this.entryValue -= entered;
  }
}
