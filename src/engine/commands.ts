import { InvariantError } from './invariant.ts';

export const COMMAND_PLACE = 0;
export const COMMAND_AMEND = 1;
export const COMMAND_CANCEL = 2;
/** Questions, and calls for a person: only where the world may withhold its answers (caution.ts). */
export const COMMAND_QUERY_ORDER = 3;
export const COMMAND_QUERY_EXECUTIONS = 4;
export const COMMAND_QUERY_POSITION = 5;
export const COMMAND_ALARM = 6;
/** The same request under the same id, for its outcome is unknown (resends.ts). */
export const COMMAND_PLACE_AGAIN = 7;

/** Whether a command is about exits that the venue makes itself. */
export const ATTACHED_NOTHING = 0;
/** An entry that brings its take-profit and stop. */
export const ATTACHED_EXITS = 1;
/** The order itself came with an entry: the venue made it. */
export const ATTACHED_ORDER = 2;

/** Prices of exits that come with an entry; 0 = none. */
export type AttachedExits = { takeProfitTicks: number; stopTicks: number };

/** The same commands as values, for tests, journals and brokers that talk over a wire. */
export type Command =
  | {
      kind: 'place';
      orderId: number;
      orderKind: number;
      side: number;
      priceTicks: number;
      qtySteps: number;
      reduceOnly: boolean;
      postOnly: boolean;
      attached?: AttachedExits;
      /** It may be there already: the venue takes an id once. */
      again?: true;
    }
  | {
      kind: 'amend';
      orderId: number;
      priceTicks: number;
      qtySteps: number;
      attached?: AttachedExits;
    }
  | { kind: 'cancel'; orderId: number }
  /** `source`: 0 real-time, 1 history (doubt-events.ts). */
  | { kind: 'queryOrder'; orderId: number; source: number }
  | { kind: 'queryExecutions'; orderId: number }
  | { kind: 'queryPosition'; orderId: number }
  | { kind: 'alarm'; orderId: number; code: number };

const CAPACITY = 4096;

/**
 * Commands of one step, in the order they are to be sent. Columns, reused; the broker empties it
 * after every step. Quantities are the order's total, filled part included, as Bybit counts them.
 */
export class CommandSink {
  count = 0;
  readonly kind = new Uint8Array(CAPACITY);
  readonly orderId = new Float64Array(CAPACITY);
  readonly orderKind = new Uint8Array(CAPACITY);
  readonly side = new Int8Array(CAPACITY);
  readonly priceTicks = new Float64Array(CAPACITY);
  readonly qtySteps = new Float64Array(CAPACITY);
  readonly reduceOnly = new Uint8Array(CAPACITY);
  readonly postOnly = new Uint8Array(CAPACITY);
  readonly attached = new Uint8Array(CAPACITY);
  /** Read only where exits are attached. */
  readonly takeProfitTicks = new Float64Array(CAPACITY);
  readonly stopTicks = new Float64Array(CAPACITY);
  /** A question's source, an alarm's code. */
  readonly detail = new Uint8Array(CAPACITY);

  place(
    orderId: number,
    orderKind: number,
    side: number,
    priceTicks: number,
    qtySteps: number,
    reduceOnly: number,
    postOnly: number,
  ): void {
    const at = this.#next(COMMAND_PLACE, orderId);
    this.orderKind[at] = orderKind;
    this.side[at] = side;
    this.priceTicks[at] = priceTicks;
    this.qtySteps[at] = qtySteps;
    this.reduceOnly[at] = reduceOnly;
    this.postOnly[at] = postOnly;
  }

  /** An exit whose outcome is unknown: what was sent before, word for word. */
  placeAgain(
    orderId: number,
    orderKind: number,
    side: number,
    priceTicks: number,
    qtySteps: number,
    postOnly: number,
  ): void {
    this.place(orderId, orderKind, side, priceTicks, qtySteps, 1, postOnly);
    this.kind[this.count - 1] = COMMAND_PLACE_AGAIN;
  }

  amend(orderId: number, priceTicks: number, qtySteps: number): void {
    const at = this.#next(COMMAND_AMEND, orderId);
    this.priceTicks[at] = priceTicks;
    this.qtySteps[at] = qtySteps;
  }

  cancel(orderId: number): void {
    this.#next(COMMAND_CANCEL, orderId);
  }

  /** The command just given, of an entry of this side, brings exits. */
  attach(side: number, takeProfitTicks: number, stopTicks: number): void {
    const at = this.count - 1;
    this.side[at] = side;
    this.attached[at] = ATTACHED_EXITS;
    this.takeProfitTicks[at] = takeProfitTicks;
    this.stopTicks[at] = stopTicks;
  }

  /** The command just given is about an order that the venue made itself. */
  toAttached(): void {
    this.attached[this.count - 1] = ATTACHED_ORDER;
  }

  query(kind: number, orderId: number, source: number): void {
    this.detail[this.#next(kind, orderId)] = source;
  }

  alarm(orderId: number, code: number): void {
    this.detail[this.#next(COMMAND_ALARM, orderId)] = code;
  }

  clear(): void {
    this.count = 0;
  }

  /** The commands as values. */
  list(): Command[] {
    return Array.from({ length: this.count }, (_, at) => this.#value(at));
  }

  #next(kind: number, orderId: number): number {
    if (!(this.count < CAPACITY))
      throw new InvariantError(`more than ${CAPACITY} commands in one step`);
    const at = this.count;
    this.count = at + 1;
    this.kind[at] = kind;
    this.orderId[at] = orderId;
    this.attached[at] = ATTACHED_NOTHING;
    return at;
  }

  #value(at: number): Command {
    const orderId = this.orderId[at] ?? NaN;
    const priceTicks = this.priceTicks[at] ?? NaN;
    const qtySteps = this.qtySteps[at] ?? NaN;
    const detail = this.detail[at] ?? 0;
    const { takeProfitTicks, stopTicks } = this;
    const exits =
      this.attached[at] === ATTACHED_EXITS
        ? {
            attached: {
              takeProfitTicks: takeProfitTicks[at] ?? 0,
              stopTicks: stopTicks[at] ?? 0,
            },
          }
        : {};
    switch (this.kind[at]) {
      case COMMAND_QUERY_ORDER:
        return { kind: 'queryOrder', orderId, source: detail };
      case COMMAND_QUERY_EXECUTIONS:
        return { kind: 'queryExecutions', orderId };
      case COMMAND_QUERY_POSITION:
        return { kind: 'queryPosition', orderId };
      case COMMAND_ALARM:
        return { kind: 'alarm', orderId, code: detail };
      case COMMAND_CANCEL:
        return { kind: 'cancel', orderId };
      case COMMAND_AMEND:
        return { kind: 'amend', orderId, priceTicks, qtySteps, ...exits };
      default:
        return {
          kind: 'place',
          orderId,
          priceTicks,
          qtySteps,
          orderKind: this.orderKind[at] ?? 0,
          side: this.side[at] ?? 0,
          reduceOnly: this.reduceOnly[at] === 1,
          postOnly: this.postOnly[at] === 1,
          ...exits,
          ...(this.kind[at] === COMMAND_PLACE_AGAIN ? { again: true } : {}),
        };
    }
  }
}
