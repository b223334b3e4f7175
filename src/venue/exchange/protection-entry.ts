import type { Instrument } from '../../engine/instrument.ts';
import { WHOLE_POSITION } from '../protection.ts';
import type { ProtectionSpec } from '../protection.ts';
import type { Venue } from '../venue.ts';
import type { Bookkeeper } from './bookkeeper.ts';
import type { Logs } from './logs.ts';
import { parameter, readProtection } from './order-ask.ts';
import type { Body } from './order-ask.ts';
import { isOver } from './records.ts';
import type { OrderTruth } from './records.ts';
import { RET_PROTECTION_UNCHANGED, isRefusal, refusal } from './ret-codes.ts';
import type { Refusal } from './ret-codes.ts';

type Result = Readonly<Record<string, unknown>>;

/** Take-profit and stop that come with an order or are asked for the position. */
export class ProtectionEntry {
  readonly #instrument: Instrument;
  readonly #venue: Venue;
  readonly #logs: Logs;
  readonly #books: Bookkeeper;
  /** What orders in Full mode bring the position, by the order's index. */
  readonly #whole = new Map<number, ProtectionSpec>();

  constructor(instrument: Instrument, venue: Venue, logs: Logs, books: Bookkeeper) {
    this.#instrument = instrument;
    this.#venue = venue;
    this.#logs = logs;
    this.#books = books;
  }

  tradingStop(body: Body): Result | Refusal {
    const venue = this.#venue;
    const held = venue.ledger.positionSteps;
    if (held === 0) return parameter('takeProfit: there is no position');
    const spec = readProtection(body, Math.sign(held), this.#instrument);
    if (spec !== undefined && isRefusal(spec)) return spec;
    const merged = this.#merged(body, spec);
    const row = venue.protection.find(WHOLE_POSITION);
    const [takeProfit, stopLoss] =
      row < 0
        ? [0, 0]
        : [venue.protection.triggerTicks(row, false), venue.protection.triggerTicks(row, true)];
    if (merged.takeProfitTicks === takeProfit && merged.stopLossTicks === stopLoss)
      return refusal(RET_PROTECTION_UNCHANGED);
    venue.attach(WHOLE_POSITION, -Math.sign(held), merged);
    this.#logs.positionChanged(venue.present.nowMs);
    return {};
  }

  /** Orders in Full mode that have filled hand their protection to the position. */
  protectPosition(): void {
    for (let order = this.#books.protecting.pop(); order !== undefined;) {
      const spec = this.#whole.get(order.index);
      if (spec !== undefined && this.#venue.ledger.positionSteps * order.side > 0) {
        this.#venue.attach(WHOLE_POSITION, -order.side, this.#merged(specBody(spec), spec));
        this.#logs.positionChanged(this.#venue.present.nowMs);
      }
      if (isOver(order.status)) this.#whole.delete(order.index);
      order = this.#books.protecting.pop();
    }
  }

  /** In Full mode: the position gets it when the order fills. */
  awaitFill(orderIndex: number, spec: ProtectionSpec): void {
    this.#whole.set(orderIndex, spec);
  }

  /** What an amend asks of the attached take-profit and stop; what it does not name stays. */
  asked(body: Body, order: OrderTruth): ProtectionSpec | Refusal | undefined {
    const { takeProfit, stopLoss } = body;
    if (takeProfit === undefined && stopLoss === undefined) return undefined;
    const spec = readProtection(body, order.side, this.#instrument);
    if (spec !== undefined && isRefusal(spec)) return spec;
    return {
      takeProfitTicks:
        takeProfit === undefined ? order.takeProfitTicks : (spec?.takeProfitTicks ?? 0),
      stopLossTicks: stopLoss === undefined ? order.stopLossTicks : (spec?.stopLossTicks ?? 0),
      takeProfitLimitTicks: spec?.takeProfitLimitTicks ?? 0,
      stopLossLimitTicks: spec?.stopLossLimitTicks ?? 0,
      takeProfitTerms: spec?.takeProfitTerms ?? 0,
      stopLossTerms: spec?.stopLossTerms ?? 0,
    };
  }

  replace(spec: ProtectionSpec, order: OrderTruth, venueId: number): void {
    order.takeProfitTicks = spec.takeProfitTicks;
    order.stopLossTicks = spec.stopLossTicks;
    if (order.tpslMode === '') order.tpslMode = 'Full';
    if (order.tpslMode === 'Partial') this.#venue.attach(venueId, -order.side, spec);
    else this.#whole.set(order.index, spec);
  }

  /** What a request does not name stays as it is. */
  #merged(body: Body, spec: ProtectionSpec | undefined): ProtectionSpec {
    const { protection } = this.#venue;
    const row = protection.find(WHOLE_POSITION);
    const now = (stop: boolean): number => (row < 0 ? 0 : protection.triggerTicks(row, stop));
    return {
      takeProfitTicks: body['takeProfit'] === undefined ? now(false) : (spec?.takeProfitTicks ?? 0),
      stopLossTicks: body['stopLoss'] === undefined ? now(true) : (spec?.stopLossTicks ?? 0),
      takeProfitLimitTicks: 0,
      stopLossLimitTicks: 0,
      takeProfitTerms: spec?.takeProfitTerms ?? 0,
      stopLossTerms: spec?.stopLossTerms ?? 0,
    };
  }
}

/** Names the parts of a protection that are there, as a request would. */
function specBody(spec: ProtectionSpec): Body {
  return {
    ...(spec.takeProfitTicks > 0 ? { takeProfit: 'set' } : {}),
    ...(spec.stopLossTicks > 0 ? { stopLoss: 'set' } : {}),
  };
}
