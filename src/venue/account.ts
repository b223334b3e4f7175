import type { Instrument } from '../engine/instrument.ts';
import type { Ledger } from '../engine/ledger.ts';
import type { PathPoint } from '../market/exact.ts';
import type { FundingIndex } from '../market/funding-index.ts';
import { bankruptcyTicks, crossTicks, liquidationTicks } from './margin.ts';
import type { VenueTerms } from './venue-terms.ts';

/** What the account owes and what it can bear: funding, equity, the liquidation level. */
export class Account {
  /** Level at which the position is liquidated, in ticks; NaN = none. */
  liquidationLevel = NaN;
  liquidated = false;
  /** Settlements up to now, and those already booked for the open position. */
  settlements = 0;
  bookedSettlements = 0;
  nextFundingMs = -Infinity;
  readonly #instrument: Instrument;
  readonly #terms: VenueTerms;
  readonly #funding: FundingIndex;
  readonly #ledger: Ledger;

  constructor(instrument: Instrument, terms: VenueTerms, funding: FundingIndex, ledger: Ledger) {
    this.#instrument = instrument;
    this.#terms = terms;
    this.#funding = funding;
    this.#ledger = ledger;
  }

  /** Settlements at or before the present ms concern the position held before it. */
  advanceFunding(nowMs: number): void {
    if (nowMs < this.nextFundingMs) return;
    const times = this.#funding.timeMs;
    while (
      this.settlements < this.#funding.count &&
      (times[this.settlements] ?? Infinity) <= nowMs
    ) {
      this.settlements += 1;
    }
    const next = this.settlements;
    this.nextFundingMs = next < this.#funding.count ? (times[next] as number) : Infinity;
  }

  /** Books what is due for the open position; called before every change of it and at the end. */
  settleFunding(): number {
    const paid = this.accruedFunding();
    this.bookedSettlements = this.settlements;
    if (paid === 0) return 0;
    const rounded = paid < 0 ? -Math.round(-paid) : Math.round(paid);
    this.#ledger.bookFunding(rounded);
    return rounded;
  }

  /** What the open position owes and has not been booked. */
  accruedFunding(): number {
    const held = this.#ledger.positionSteps;
    if (held === 0 || this.settlements === this.bookedSettlements) return 0;
    const sums = held > 0 ? this.#funding.longCost : this.#funding.shortCost;
    const perStep = (sums[this.settlements] ?? 0) - (sums[this.bookedSettlements] ?? 0);
    return Math.abs(held) * perStep;
  }

  /** Equity at a price in ticks without the capital: realised + unrealised - fees - funding. */
  equityMoney(priceTicks: number): number {
    return this.#ledger.cash() - this.accruedFunding() + this.#ledger.unrealised(priceTicks);
  }

  setLiquidation(): void {
    const held = this.#ledger.positionSteps;
    this.liquidationLevel = NaN;
    if (held === 0) return;
    const long = held > 0;
    const exact = this.#marginTicks(long, true);
    // Rounded towards the position: the whole tick that is reached first.
    const level = long ? Math.ceil(exact) : Math.floor(exact);
    if (level > 0 && level < 0x7fffffff) this.liquidationLevel = level;
  }

  /** Never where there is no level. */
  isBeyondLiquidation(point: PathPoint): boolean {
    const level = this.liquidationLevel;
    return this.#ledger.positionSteps > 0 ? point.atOrBelow(level) : point.atOrAbove(level);
  }

  /** The price at which all margin is gone, to a whole tick away from the position. */
  bankruptcyPriceTicks(long: boolean): number {
    const exact = this.#marginTicks(long, false);
    return Math.max(1, long ? Math.floor(exact) : Math.ceil(exact));
  }

  /** Where maintenance margin is reached (liquidates), or where all margin is gone. */
  #marginTicks(long: boolean, maintenance: boolean): number {
    const { margin, capitalMoney } = this.#terms;
    const ledger = this.#ledger;
    if (margin.cross !== true) {
      const entryTicks = ledger.averageEntryTicks();
      return maintenance
        ? liquidationTicks(margin, long, entryTicks)
        : bankruptcyTicks(margin, long, entryTicks);
    }
    const atOneTick = Math.abs(ledger.positionSteps) * this.#instrument.valuePerStep(1);
    const wallet = capitalMoney + ledger.cash();
    const rate = maintenance ? margin.maintenanceMarginRate : 0;
    const { inverse } = margin;
    const exact = crossTicks(inverse, long, atOneTick, ledger.entryValue, wallet, rate);
    return exact > 0 ? exact : long ? 0 : Infinity;
  }
}
