import type { Instrument } from '../../engine/instrument.ts';
import type { Venue } from '../venue.ts';
import { WHOLE_POSITION } from '../protection.ts';
import type { ExchangeOptions } from './options.ts';
import type {
  ExecutionTruth,
  OrderTruth,
  OrderVersion,
  PositionVersion,
  WalletVersion,
} from './records.ts';
import type { Streams } from './streams.ts';

/** Everything that has happened, each log in the order of venue time. Surfaces read from here. */
export class Logs {
  readonly orders: OrderTruth[] = [];
  readonly byOrderId = new Map<string, OrderTruth>();
  readonly byLinkId = new Map<string, OrderTruth>();
  /** Indices of an order's executions, by the order's index. */
  readonly executionsOf: number[][] = [];
  readonly orderVersions: OrderVersion[] = [];
  readonly executions: ExecutionTruth[] = [];
  readonly positions: PositionVersion[] = [];
  readonly wallets: WalletVersion[] = [];
  readonly #instrument: Instrument;
  readonly #venue: Venue;
  readonly #streams: Streams;
  readonly #options: ExchangeOptions;
  #seq = 0;

  constructor(options: ExchangeOptions, venue: Venue, streams: Streams) {
    this.#options = options;
    this.#instrument = options.instrument;
    this.#venue = venue;
    this.#streams = streams;
  }

  /** Two records of the same seq and symbol belong together. */
  nextSeq(): number {
    this.#seq += 1;
    return this.#seq;
  }

  addOrder(order: OrderTruth): void {
    this.orders.push(order);
    this.executionsOf.push([]);
    this.byOrderId.set(order.orderId, order);
    if (order.orderLinkId !== '') this.byLinkId.set(order.orderLinkId, order);
  }

  /** The order has changed; the position topic speaks at every change of an order, too. */
  orderChanged(order: OrderTruth, timeMs: number): void {
    order.updatedMs = timeMs;
    const version = versionOf(order, timeMs);
    this.orderVersions.push(version);
    this.#streams.pushOrder(version);
    const position = this.positions[this.positions.length - 1];
    if (position !== undefined) this.#streams.pushPosition(timeMs, position);
  }

  /** A frame that repeats an order without anything having happened to it. */
  repeatOrder(order: OrderTruth, timeMs: number, cancelType: string, rejectReason: string): void {
    this.#streams.pushOrder({ ...versionOf(order, timeMs), cancelType, rejectReason });
  }

  booked(execution: ExecutionTruth): void {
    this.executions.push(execution);
    const order = execution.order;
    if (order !== undefined) this.executionsOf[order.index]?.push(execution.index);
    this.#streams.pushExecution(execution);
  }

  positionChanged(timeMs: number): void {
    const version = this.positionNow(timeMs);
    this.positions.push(version);
    this.#streams.pushPosition(timeMs, version);
  }

  walletChanged(timeMs: number): void {
    const version = this.walletNow(timeMs);
    this.wallets.push(version);
    this.#streams.pushWallet(version);
  }

  positionNow(timeMs: number): PositionVersion {
    const { ledger, protection, account, references } = this.#venue;
    const { liquidationLevel } = account;
    const whole = protection.find(WHOLE_POSITION);
    return {
      timeMs,
      steps: ledger.positionSteps,
      entryTicks: ledger.averageEntryTicks(),
      entryMoney: ledger.entryValue,
      liquidationTicks: liquidationLevel,
      leverage: this.#venue.leverage,
      realisedMoney: ledger.cash(),
      takeProfitTicks: whole < 0 ? 0 : protection.triggerTicks(whole, false),
      stopLossTicks: whole < 0 ? 0 : protection.triggerTicks(whole, true),
      markTicks: references.markTicks,
      seq: this.#seq,
      streamRow: undefined,
    };
  }

  walletNow(timeMs: number): WalletVersion {
    const { ledger, references } = this.#venue;
    const held = Math.abs(ledger.positionSteps);
    const markTicks = references.markTicks;
    const value = held === 0 ? 0 : held * this.#instrument.valuePerStep(markTicks);
    const base = this.#options.marginMode === 'cross' ? value : ledger.entryValue;
    const capital = this.#options.capitalMoney;
    return {
      timeMs,
      walletMoney: (Number.isNaN(capital) ? 0 : capital) + ledger.cash(),
      unrealisedMoney: ledger.unrealised(markTicks),
      realisedMoney: ledger.cash(),
      orderMarginMoney: this.#venue.ordersMargin,
      positionMarginMoney: base / this.#venue.leverage,
      maintenanceMoney: value * this.#instrument.maintenanceMarginRate,
      priceTicks: references.indexTicks,
    };
  }
}

function versionOf(order: OrderTruth, timeMs: number): OrderVersion {
  return { ...order, timeMs, restRow: undefined, streamRow: undefined };
}
