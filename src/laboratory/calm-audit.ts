import type { Truth } from '../venue/exchange/records.ts';
import type { Belief } from './bot.ts';
import { apart } from './book-audit.ts';
import type { BookAudit } from './book-audit.ts';
import type { GridCase } from './grid-case.ts';
import { Violation } from './violation.ts';

const SETTLED_MS = 120_000;
/** L2. */
export const FILL_KNOWN_MS = 5_000;
/** A cancel that is refused once is sent again. */
const CANCEL_KNOWN_MS = 15_000;
const UNKNOWN_MS = 60_000;
const WANTED_MS = 600_000;
const TRADING_MS = 30_000;
/** The longest wait before a refused exit is sent again, and its way. */
const EXIT_AGAIN_MS = 75_000;

export type CalmTimes = {
  /** The calm is counted from here. */
  readonly fromMs: number;
  /** While indicators warm up a strategy wants no entry. */
  readonly wantedFromMs: number;
};

/** What must hold once nothing is broken any more: asked every few seconds of the calm. */
export class CalmAudit {
  readonly #truth: Truth;
  readonly #books: BookAudit;
  readonly #grid: GridCase;
  readonly #fromMs: number;
  readonly #wantedFromMs: number;
  #startedMs: number;
  #knownMs: number;
  #servedMs: number;
  #haltedMs = Infinity;

  constructor(truth: Truth, books: BookAudit, grid: GridCase, { fromMs, wantedFromMs }: CalmTimes) {
    this.#truth = truth;
    this.#books = books;
    this.#grid = grid;
    this.#fromMs = fromMs;
    this.#wantedFromMs = wantedFromMs;
    this.#startedMs = fromMs;
    this.#knownMs = fromMs;
    this.#servedMs = fromMs;
  }

  restarted(nowMs: number): void {
    this.#startedMs = Math.max(nowMs, this.#fromMs);
  }

  halted(nowMs: number): void {
    this.#haltedMs = nowMs;
  }

  resumed(): void {
    this.#haltedMs = Infinity;
  }

  look(nowMs: number, belief: Belief): void {
    this.#checkUnknown(nowMs, belief);
    if (nowMs - this.#startedMs < TRADING_MS) return;
    this.#checkTrading(nowMs, belief);
    this.#checkHalt(nowMs);
    this.#checkLedger(nowMs, belief);
    this.#checkOrders(nowMs, belief);
    this.#checkExits(nowMs);
  }

  #checkUnknown(nowMs: number, belief: Belief): void {
    if (belief.unknownOrders === 0) this.#knownMs = nowMs;
    const forMs = nowMs - this.#knownMs;
    if (forMs > UNKNOWN_MS) {
      throw new Violation('L1', `${belief.unknownOrders} unknown for ${forMs} ms; ${belief.says}`);
    }
  }

  #checkTrading(nowMs: number, belief: Belief): void {
    if (belief.isTrading || this.#haltedMs < Infinity) return;
    const sinceMs = nowMs - this.#startedMs;
    const calmMs = nowMs - this.#fromMs;
    // What chaos left behind may take its time; a crash in calm may not.
    if (calmMs > SETTLED_MS) {
      throw new Violation('L4', `not trading ${sinceMs} ms after the start; ${belief.says}`);
    }
  }

  #checkHalt(nowMs: number): void {
    if (nowMs - this.#haltedMs < TRADING_MS) return;
    const entries = this.#books.liveOrders().filter(({ role }) => role === 'entry');
    const [entry] = entries;
    if (entry !== undefined) {
      throw new Violation(
        'L5',
        `${entry.truth.orderLinkId} is live ${nowMs - this.#haltedMs} ms after a halt`,
      );
    }
    this.#checkHaltedExits(nowMs);
  }

  /** L5: what was refused before the halt has been tried again by then. */
  #checkHaltedExits(nowMs: number): void {
    const books = this.#books;
    if (nowMs - this.#haltedMs < EXIT_AGAIN_MS + CANCEL_KNOWN_MS || books.sawForeign) return;
    if (nowMs - books.lastBookingMs < CANCEL_KNOWN_MS) return;
    const live = books.liveOrders();
    for (const [slot, steps] of books.slotSteps.entries()) {
      if (steps === 0 || (books.slotExitMs[slot] ?? -Infinity) > this.#haltedMs) continue;
      if (live.some((order) => order.slot === slot && order.role !== 'entry')) continue;
      const forMs = nowMs - this.#haltedMs;
      throw new Violation(
        'L5',
        `slot ${slot} holds ${steps} without an exit, halted for ${forMs} ms`,
      );
    }
  }

  /** S4 and L2: from 5 s after the last fill on, ledger and exchange say the same. */
  #checkLedger(nowMs: number, belief: Belief): void {
    if (nowMs - this.#fromMs < SETTLED_MS) return;
    if (nowMs - this.#books.lastBookingMs < FILL_KNOWN_MS) return;
    const truth = this.#truth;
    if (belief.positionSteps !== truth.positionSteps) {
      const isNew = nowMs - this.#books.lastBookingMs < SETTLED_MS;
      throw new Violation(isNew ? 'L2' : 'S4', apart(truth, belief));
    }
    let sum = 0;
    for (let slot = 0; slot < this.#grid.levels; slot += 1) sum += belief.slotSteps(slot);
    // What a hand traded away and back belongs to no level any more.
    if (!this.#books.sawForeign && sum !== belief.positionSteps) {
      throw new Violation('S4', `levels sum to ${sum}; ${apart(truth, belief)}`);
    }
  }

  /** S5: a stop does not outlive its level's lots by more than its cancel takes. */
  #checkExits(nowMs: number): void {
    if (nowMs - this.#fromMs < SETTLED_MS || this.#books.sawForeign) return;
    if (nowMs - this.#books.lastBookingMs < CANCEL_KNOWN_MS) return;
    const closable = this.#books.closableSteps();
    const held = Math.abs(this.#truth.positionSteps);
    if (closable > held)
      throw new Violation('S5', `exits could close ${closable} steps of a position of ${held}`);
  }

  #checkOrders(nowMs: number, belief: Belief): void {
    if (nowMs - this.#fromMs < SETTLED_MS) return;
    const live = this.#books.liveOrders();
    for (const { truth, name } of live) {
      const oldMs = nowMs - truth.createdMs;
      if (oldMs > UNKNOWN_MS && !belief.knowsOrder(name)) {
        throw new Violation('S6', `${name} rests for ${oldMs} ms and is not known`);
      }
    }
    const there = live.map(({ slot, role }) => `${slot} ${role}`);
    if (this.#isServed(there, belief, nowMs)) this.#servedMs = nowMs;
    const forMs = nowMs - this.#servedMs;
    if (forMs > WANTED_MS) {
      const ids = live.map(({ name }) => name).join(' ');
      throw new Violation(
        'L3',
        `wanted orders missing for ${forMs} ms; live: ${ids}; ${belief.says}`,
      );
    }
  }

  /**
   * Every level that holds something has its way out, and a grid with room has an entry. A market
   * order that finds nobody to trade with is over at once: what counts is that it is sent again.
   */
  #isServed(live: readonly string[], belief: Belief, nowMs: number): boolean {
    let open = 0;
    for (let slot = 0; slot < this.#grid.levels; slot += 1) {
      const steps = this.#books.sawForeign ? belief.slotSteps(slot) : this.#books.slotSteps[slot];
      if ((steps ?? 0) === 0) continue;
      open += 1;
      const triedMs = nowMs - (this.#books.slotExitMs[slot] ?? -Infinity);
      if (triedMs <= EXIT_AGAIN_MS) continue;
      if (!['exit', 'stop', 'close'].some((role) => live.includes(`${slot} ${role}`))) return false;
    }
    if (this.#haltedMs < Infinity || open >= this.#grid.levels) return true;
    if (nowMs < this.#wantedFromMs || !this.#hasRoom(live.length)) return true;
    // While the price is beyond its level, a post-only entry is cancelled as often as it is sent.
    if (this.#grid.params['postOnly'] === true) return true;
    return live.some((each) => each.endsWith(' entry'));
  }

  /** The limits allow one more entry. */
  #hasRoom(liveOrders: number): boolean {
    const { risk, qtySteps } = this.#grid;
    const held = Math.abs(this.#truth.positionSteps);
    return held + qtySteps <= risk.maxPositionSteps && liveOrders < risk.maxOpenOrders;
  }

  /** S3, S9: at the very end, to the unit. */
  end(belief: Belief): void {
    const truth = this.#truth;
    if (belief.positionSteps !== truth.positionSteps) {
      throw new Violation('S3', apart(truth, belief));
    }
    const { inverse } = this.#grid.instrument;
    if (flowOf(belief, inverse) !== flowOf(truth, inverse)) {
      throw new Violation(
        'S9',
        `cash ${truth.cashMoney} at the exchange, ${belief.cashMoney} in the ledger`,
      );
    }
  }
}

type Money = Pick<Belief, 'positionSteps' | 'cashMoney' | 'entryMoney'>;

/**
 * All that was paid and received. What of it is realised depends, while a position is open, on the
 * order in which its fills became known; the flow does not.
 */
function flowOf({ positionSteps, cashMoney, entryMoney }: Money, inverse: boolean): number {
  return positionSteps > 0 === inverse ? cashMoney + entryMoney : cashMoney - entryMoney;
}
