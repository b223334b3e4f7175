import type { CommandSink } from '../../engine/commands.ts';
import type { Engine } from '../../engine/engine.ts';
import {
  EVENT_ACK,
  EVENT_ATTACHED,
  EVENT_CANDLE_CLOSE,
  EVENT_FILL,
  EVENT_LIQUIDATED,
  EVENT_ORDER_ENDED,
  EVENT_PRICE,
  EVENT_REFUSAL,
  EVENT_START,
  EVENT_STOP_TRIGGERED,
  EVENT_TIMER,
  EventRegister,
} from '../../engine/events.ts';
import { InvariantError } from '../../engine/invariant.ts';
import { AUDIT_ANSWER_KNOWN, AUDIT_END_KNOWN, AUDIT_FILL_KNOWN } from './audit-log.ts';
import type { AuditLog } from './audit-log.ts';
import type { Closes } from './closes.ts';
import type { Mailbox } from './mailbox.ts';
import {
  MESSAGE_AMEND,
  MESSAGE_ANSWER,
  MESSAGE_ATTACHED,
  MESSAGE_CANCEL,
  MESSAGE_EXECUTION,
  MESSAGE_ORDER_ENDED,
  MESSAGE_PLACE,
  MESSAGE_PRICE,
  MESSAGE_TRIGGERED,
} from './messages.ts';
import type { PriceFeed } from './price-feed.ts';
import type { Requests } from './requests.ts';
import type { SimState } from './sim-state.ts';
import type { Surfaces } from './surfaces.ts';
import type { World } from './world.ts';

const MAX_DELIVERIES_PER_MS = 1_000;
/** Cells of a request's payload. */
const REQUEST_CELLS = 7;

export type DeliveryParts = {
  readonly world: World;
  readonly closes: Closes;
  readonly state: SimState;
  readonly mailbox: Mailbox;
  readonly audit: AuditLog;
  readonly sink: CommandSink;
  readonly requests: Requests;
  readonly prices: PriceFeed;
  readonly surfaces: Surfaces;
};

/**
 * What reaches the engine within a ms, in the order of docs/simulation.md, "Time": requests (to
 * the venue), surfaces, candle closes, start and timer. `row` is always the present tape row.
 */
export class Deliveries {
  /** Set before every run. */
  engine: Engine;
  watchesPrice = false;
  readonly #parts: DeliveryParts;
  readonly #closeValues: Float64Array;
  readonly #previousValues: Float64Array;
  readonly #event = new EventRegister();
  readonly #payload = new Float64Array(REQUEST_CELLS);
  readonly #mailbox: Mailbox;
  readonly #state: SimState;
  readonly #audit: AuditLog;
  readonly #limitsPriceAge: boolean;

  constructor(parts: DeliveryParts, engine: Engine) {
    this.#parts = parts;
    this.#mailbox = parts.mailbox;
    this.#state = parts.state;
    this.#audit = parts.audit;
    this.engine = engine;
    this.#limitsPriceAge = parts.world.risk.maxPriceAgeMs !== Infinity;
    const needs = parts.closes.series.needs.length;
    this.#closeValues = new Float64Array(needs);
    this.#previousValues = new Float64Array(needs);
  }

  /** The run ends here, so the engine is told at once. */
  tellLiquidation(timeMs: number): void {
    Object.assign(this.#event, this.#parts.surfaces.liquidation);
    this.#event.kind = EVENT_LIQUIDATED;
    this.#event.timeMs = timeMs;
    this.#event.knownPriceTicks = NaN;
    this.engine.step(this.#event);
  }

  /** The lowest (kind, sequence) due in this ms. False when nothing is. */
  next(timeMs: number, row: number): boolean {
    const state = this.#state;
    state.deliveries += 1;
    if (!(state.deliveries <= MAX_DELIVERIES_PER_MS))
      throw new InvariantError(
        `more than ${MAX_DELIVERIES_PER_MS} deliveries at ${timeMs} ms: a loop`,
      );
    if (this.#mailbox.nextMs <= timeMs) {
      this.#message(timeMs, row);
      return true;
    }
    if (state.nextCloseMs <= timeMs) {
      this.#close(timeMs, row);
      return true;
    }
    if (!state.started) {
      if (this.#parts.world.startMs > timeMs) return false;
      this.#start(timeMs, row);
      return true;
    }
    if (this.engine.timerMs <= timeMs) {
      this.#event.kind = EVENT_TIMER;
      this.#step(timeMs, row);
      return true;
    }
    return false;
  }

  #message(timeMs: number, row: number): void {
    const mailbox = this.#mailbox;
    const type = mailbox.nextType();
    const cells = mailbox.cells;
    const at = mailbox.nextPayload();
    const event = this.#event;
    event.orderId = cells[at] as number;
    switch (type) {
      case MESSAGE_PLACE:
      case MESSAGE_AMEND:
      case MESSAGE_CANCEL:
        this.#request(type, timeMs, at);
        return;
      case MESSAGE_ANSWER:
        event.retCode = cells[at + 1] as number;
        event.kind = event.retCode === 0 ? EVENT_ACK : EVENT_REFUSAL;
        this.#audit.add(AUDIT_ANSWER_KNOWN, timeMs, event.orderId, event.retCode, cells[at + 2]);
        break;
      case MESSAGE_EXECUTION:
        event.kind = EVENT_FILL;
        event.priceTicks = cells[at + 1] as number;
        event.qtySteps = cells[at + 2] as number;
        event.fee = cells[at + 3] as number;
        event.funding = cells[at + 4] as number;
        this.#audit.add(AUDIT_FILL_KNOWN, timeMs, event.orderId, cells[at + 5]);
        // An execution is a price, and newer than what the feed may have shown.
        this.#state.seenMs = Math.max(this.#state.seenMs, cells[at + 6] as number);
        break;
      case MESSAGE_ORDER_ENDED:
        event.kind = EVENT_ORDER_ENDED;
        event.end = cells[at + 1] as number;
        event.filledSteps = cells[at + 2] as number;
        this.#audit.add(AUDIT_END_KNOWN, timeMs, event.orderId, event.filledSteps);
        break;
      case MESSAGE_TRIGGERED:
        event.kind = EVENT_STOP_TRIGGERED;
        break;
      case MESSAGE_ATTACHED:
        event.kind = EVENT_ATTACHED;
        event.priceTicks = cells[at + 1] as number;
        break;
      case MESSAGE_PRICE: {
        const [leftMs, version] = [cells[at] as number, cells[at + 1] as number];
        mailbox.drop();
        if (!this.#parts.prices.arrive(leftMs, version)) return;
        event.kind = EVENT_PRICE;
        this.#step(timeMs, row);
        return;
      }
      default:
        throw new InvariantError(`simulation: unknown message ${type}`);
    }
    mailbox.drop();
    this.#step(timeMs, row);
  }

  /** The payload is copied out: what the request causes may be posted into its place. */
  #request(type: number, timeMs: number, at: number): void {
    const payload = this.#payload;
    const cells = this.#mailbox.cells;
    for (let i = 0; i < payload.length; i += 1) payload[i] = cells[at + i] as number;
    this.#mailbox.drop();
    this.#parts.requests.arrive(type, timeMs, payload);
  }

  #close(timeMs: number, row: number): void {
    const event = this.#event;
    if (this.engine.started && !this.engine.needsCloses()) {
      this.passCloses(this.#parts.state.closeRow, row);
      return;
    }
    this.#loadClose(this.#parts.state.closeRow);
    this.#advanceClose();
    event.kind = EVENT_CANDLE_CLOSE;
    this.#step(timeMs, row);
  }

  /** Closes that nobody waited for, before this ms. */
  absorbCloses(timeMs: number, row: number): void {
    if (this.engine.needsCloses())
      throw new InvariantError(`a close that was waited for was passed over before ${timeMs} ms`);
    const { closes, state } = this.#parts;
    this.passCloses(closes.lastBefore(timeMs, state.closeRow), row);
  }

  /** Takes in the closes from the next one to `last`, none of which asks the strategy. */
  passCloses(last: number, row: number): void {
    const { state, closes } = this.#parts;
    const { series, index } = closes;
    index.findExtremes(state.closeRow, last);
    if (this.watchesPrice) this.#hear(last, row);
    const previous = this.#previousValues;
    const needs = previous.length;
    for (let i = 0; i < needs; i += 1) previous[i] = series.values[(last - 1) * needs + i] ?? NaN;
    this.#loadClose(last);
    state.closeRow = last;
    this.#advanceClose();
    this.engine.passCloses(this.#event, previous, index.highestClose, index.lowestClose);
  }

  /** A close is a delivery, so the price has been seen up to one market leg before it. */
  #hear(last: number, row: number): void {
    const { prices, state } = this.#parts;
    const known = this.#parts.closes.knownMs;
    const lastMs = known[last] ?? NaN;
    // What was known a longest leg before the last close has been overtaken by it.
    const oldestMs = lastMs - prices.longestMs;
    for (let k = last; k >= state.closeRow && (known[k] ?? NaN) >= oldestMs; k -= 1)
      prices.hear(known[k] ?? NaN, row);
  }

  #loadClose(row: number): void {
    const values = this.#closeValues;
    const needs = values.length;
    for (let i = 0; i < needs; i += 1)
      values[i] = this.#parts.closes.series.values[row * needs + i] ?? NaN;
    this.#event.indicators = values;
    this.#event.priceTicks = this.#parts.closes.series.close[row] ?? NaN;
  }

  #advanceClose(): void {
    const state = this.#parts.state;
    state.closeRow += 1;
    const known = this.#parts.closes.knownMs;
    // Never read beyond a column's end: from then on V8 boxes everything that is read there.
    state.nextCloseMs =
      state.closeRow < known.length ? (known[state.closeRow] as number) : Infinity;
  }

  #start(timeMs: number, row: number): void {
    this.#parts.state.started = true;
    this.#event.kind = EVENT_START;
    this.#event.walletMoney = this.#parts.world.capitalMoney;
    this.#step(timeMs, row);
  }

  #step(timeMs: number, row: number): void {
    const event = this.#event;
    event.timeMs = timeMs;
    const watches = this.watchesPrice;
    event.knownPriceTicks = watches ? this.#parts.prices.see(timeMs, row) : NaN;
    if (this.#limitsPriceAge) event.priceSeenMs = this.#parts.prices.seenAtMs(timeMs, row);
    this.engine.step(event);
    if (this.#parts.sink.count > 0)
      this.#parts.requests.send(this.#parts.sink, timeMs, this.engine.slots.slotCycle);
    if (watches) this.#parts.prices.setBand(this.engine, timeMs, event.knownPriceTicks, row);
  }

  /** What closed before the start only sets the indicators. */
  warmUp(): void {
    const state = this.#parts.state;
    const { startMs } = this.#parts.world;
    state.nextCloseMs = this.#parts.closes.knownMs[0] ?? Infinity;
    let last = -1;
    while (state.nextCloseMs < startMs) {
      last = state.closeRow;
      this.#advanceClose();
    }
    state.nowMs =
      last >= 0 ? Math.min(startMs, this.#parts.closes.knownMs[last] ?? startMs) : startMs;
    if (last < 0) return;
    this.#loadClose(last);
    this.#event.kind = EVENT_CANDLE_CLOSE;
    this.#event.timeMs = state.nowMs;
    this.#event.knownPriceTicks = NaN;
    this.engine.step(this.#event);
  }
}
