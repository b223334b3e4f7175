import type { CommandSink } from '../../engine/commands.ts';
import type { Engine } from '../../engine/engine.ts';
import {
  EVENT_ACK,
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
import { AUDIT_FILL_KNOWN } from './audit-log.ts';
import type { AuditLog } from './audit-log.ts';
import type { Closes } from './closes.ts';
import type { Mailbox } from './mailbox.ts';
import {
  MESSAGE_AMEND,
  MESSAGE_ANSWER,
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
  readonly #payload = new Float64Array(7);

  constructor(parts: DeliveryParts, engine: Engine) {
    this.#parts = parts;
    this.engine = engine;
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
    const state = this.#parts.state;
    state.deliveries += 1;
    if (!(state.deliveries <= MAX_DELIVERIES_PER_MS))
      throw new InvariantError(
        `more than ${MAX_DELIVERIES_PER_MS} deliveries at ${timeMs} ms: a loop`,
      );
    if (this.#parts.mailbox.nextMs <= timeMs) {
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
    const type = this.#parts.mailbox.nextType();
    const payload = this.#payload;
    this.#parts.mailbox.take(payload);
    const event = this.#event;
    const orderId = payload[0] ?? 0;
    event.orderId = orderId;
    switch (type) {
      case MESSAGE_PLACE:
      case MESSAGE_AMEND:
      case MESSAGE_CANCEL:
        this.#parts.requests.arrive(type, timeMs, payload);
        return;
      case MESSAGE_ANSWER:
        event.retCode = payload[1] ?? 0;
        event.kind = event.retCode === 0 ? EVENT_ACK : EVENT_REFUSAL;
        break;
      case MESSAGE_EXECUTION:
        event.kind = EVENT_FILL;
        event.priceTicks = payload[1] ?? 0;
        event.qtySteps = payload[2] ?? 0;
        event.fee = payload[3] ?? 0;
        event.funding = payload[4] ?? 0;
        this.#parts.audit.add(AUDIT_FILL_KNOWN, timeMs, orderId, payload[5]);
        // An execution is a price, and newer than what the feed may have shown.
        this.#parts.state.seenMs = Math.max(this.#parts.state.seenMs, payload[6] ?? 0);
        break;
      case MESSAGE_ORDER_ENDED:
        event.kind = EVENT_ORDER_ENDED;
        event.end = payload[1] ?? 0;
        event.filledSteps = payload[2] ?? 0;
        break;
      case MESSAGE_TRIGGERED:
        event.kind = EVENT_STOP_TRIGGERED;
        break;
      case MESSAGE_PRICE:
        if (!this.#parts.prices.arrive(payload[0] ?? 0, payload[1] ?? 0)) return;
        event.kind = EVENT_PRICE;
        break;
      default:
        throw new InvariantError(`simulation: unknown message ${type}`);
    }
    this.#step(timeMs, row);
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
    const next = this.#parts.closes.knownMs[state.closeRow];
    state.nextCloseMs = next === undefined ? Infinity : next;
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
