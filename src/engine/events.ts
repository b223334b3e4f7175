import { writeDoubtEvent } from './doubt-events.ts';
import type { DoubtEvent } from './doubt-events.ts';

/** What can reach the engine. The order of this list is not a promise; the words are. */
export const EVENT_START = 0;
export const EVENT_CANDLE_CLOSE = 1;
export const EVENT_PRICE = 2;
export const EVENT_ACK = 3;
export const EVENT_REFUSAL = 4;
export const EVENT_FILL = 5;
export const EVENT_ORDER_ENDED = 6;
export const EVENT_STOP_TRIGGERED = 7;
export const EVENT_TIMER = 8;
export const EVENT_LIQUIDATED = 9;
/** Codes from 10 on are those of doubt-events.ts. */
export const EVENT_ATTACHED = 21;

/** The same, as values that tests, journals and docs can write down. */
export type EngineEvent =
  | DoubtEvent
  | { kind: 'start'; timeMs: number; walletMoney: number }
  | { kind: 'candleClose'; timeMs: number; closeTicks: number; indicators: readonly number[] }
  | { kind: 'price'; timeMs: number; priceTicks: number }
  | { kind: 'ack'; timeMs: number; orderId: number }
  | { kind: 'refusal'; timeMs: number; orderId: number; retCode: number }
  | {
      kind: 'fill';
      timeMs: number;
      orderId: number;
      priceTicks: number;
      qtySteps: number;
      fee: number;
      /** Funding booked with this change of position; positive = paid. */
      funding: number;
      /** Read only when the order is no longer the latest of its key. */
      side?: number;
    }
  | { kind: 'orderEnded'; timeMs: number; orderId: number; end: number; filledSteps: number }
  | { kind: 'stopTriggered'; timeMs: number; orderId: number }
  /** The venue has made a take-profit or stop that came with an entry. */
  | { kind: 'attached'; timeMs: number; orderId: number; priceTicks: number }
  | { kind: 'timer'; timeMs: number }
  | {
      kind: 'liquidated';
      timeMs: number;
      priceTicks: number;
      qtySteps: number;
      fee: number;
      funding: number;
    };

/** One event as registers: a single shape, reused for every delivery. */
export class EventRegister {
  kind = EVENT_TIMER;
  timeMs = NaN;
  orderId = NaN;
  priceTicks = NaN;
  qtySteps = NaN;
  fee = NaN;
  funding = NaN;
  retCode = NaN;
  end = NaN;
  filledSteps = NaN;
  walletMoney = NaN;
  /** The rest belongs to doubt-events.ts and to fills whose order is long over. */
  side = 0;
  source = 0;
  askedMs = NaN;
  /** The known price at the event's time; NaN unless the strategy watches the price. */
  knownPriceTicks = NaN;
  /** When the newest price was seen; read only where its age is limited. */
  priceSeenMs = NaN;
  /** Values of the closed candle's indicators; read only for EVENT_CANDLE_CLOSE. */
  indicators: Float64Array = EMPTY;
}

const EMPTY = new Float64Array(0);

/** Writes a value into the register, so that what a test says is what the hot path reads. */
export function writeEvent(register: EventRegister, event: EngineEvent): EventRegister {
  register.timeMs = event.timeMs;
  switch (event.kind) {
    case 'start':
      register.kind = EVENT_START;
      register.walletMoney = event.walletMoney;
      return register;
    case 'candleClose':
      register.kind = EVENT_CANDLE_CLOSE;
      register.priceTicks = event.closeTicks;
      register.indicators = Float64Array.from(event.indicators);
      return register;
    case 'price':
      register.kind = EVENT_PRICE;
      register.knownPriceTicks = event.priceTicks;
      return register;
    case 'ack':
      register.kind = EVENT_ACK;
      register.orderId = event.orderId;
      return register;
    case 'refusal':
      register.kind = EVENT_REFUSAL;
      register.orderId = event.orderId;
      register.retCode = event.retCode;
      return register;
    case 'fill':
      register.kind = EVENT_FILL;
      register.orderId = event.orderId;
      register.priceTicks = event.priceTicks;
      register.qtySteps = event.qtySteps;
      register.fee = event.fee;
      register.funding = event.funding;
      register.side = event.side ?? 0;
      return register;
    case 'orderEnded':
      register.kind = EVENT_ORDER_ENDED;
      register.orderId = event.orderId;
      register.end = event.end;
      register.filledSteps = event.filledSteps;
      return register;
    case 'stopTriggered':
      register.kind = EVENT_STOP_TRIGGERED;
      register.orderId = event.orderId;
      return register;
    case 'attached':
      register.kind = EVENT_ATTACHED;
      register.orderId = event.orderId;
      register.priceTicks = event.priceTicks;
      return register;
    case 'timer':
      register.kind = EVENT_TIMER;
      return register;
    case 'liquidated':
      register.kind = EVENT_LIQUIDATED;
      register.priceTicks = event.priceTicks;
      register.qtySteps = event.qtySteps;
      register.fee = event.fee;
      register.funding = event.funding;
      return register;
    default:
      return writeDoubtEvent(register, event);
  }
}
