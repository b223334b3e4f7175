/**
 * What can be said of a world that withholds its answers. None of these occurs in a run without
 * faults. Codes follow those of events.ts.
 */
export const EVENT_OUTCOME_UNKNOWN = 10;
export const EVENT_ORDER_SEEN = 11;
export const EVENT_ORDER_ABSENT = 12;
export const EVENT_EXECUTIONS_READ = 13;
export const EVENT_POSITION_SEEN = 14;
export const EVENT_QUERY_FAILED = 15;
export const EVENT_CASH = 16;
export const EVENT_UNOWNED_FILL = 17;
export const EVENT_GATE = 18;
export const EVENT_RESTARTED = 19;
export const EVENT_CAUGHT_UP = 20;
/** 21 is taken by events.ts. */
export const EVENT_RESEND_ENDED = 22;

/** What became of a request that was sent again. */
export const RESEND_UNKNOWN = 0;
export const RESEND_ACCEPTED = 1;
/** The venue has the id already. */
export const RESEND_EXISTS = 2;
export const RESEND_REFUSED = 3;

/** Where an order was looked for. */
export const SOURCE_REALTIME = 0;
export const SOURCE_HISTORY = 1;
export const SOURCE_OPEN_LIST = 2;
export const SOURCE_STREAM = 3;

/** Why a fill has no order of ours. */
export const UNOWNED_FOREIGN = 0;
export const UNOWNED_ADL = 1;
export const UNOWNED_LIQUIDATION = 2;
export const UNOWNED_SETTLEMENT = 3;

/** `askedMs` is when the question left us: what an answer can know is not newer than that. */
export type DoubtEvent =
  /** `exists`: the venue knows the id already, so it is there to be found. */
  | { kind: 'outcomeUnknown'; timeMs: number; orderId: number; exists: boolean }
  | {
      kind: 'orderSeen';
      timeMs: number;
      orderId: number;
      source: number;
      priceTicks: number;
      qtySteps: number;
      filledSteps: number;
      askedMs: number;
    }
  | { kind: 'orderAbsent'; timeMs: number; orderId: number; source: number; askedMs: number }
  | { kind: 'executionsRead'; timeMs: number; orderId: number; askedMs: number }
  | { kind: 'positionSeen'; timeMs: number; steps: number; askedMs: number }
  | { kind: 'queryFailed'; timeMs: number; orderId: number }
  | { kind: 'cash'; timeMs: number; funding: number }
  | {
      kind: 'unownedFill';
      timeMs: number;
      why: number;
      side: number;
      priceTicks: number;
      qtySteps: number;
      fee: number;
    }
  /** Closes (or opens) the gate for entries: entry-gate.ts has the bits. */
  | { kind: 'gate'; timeMs: number; bits: number; closed: boolean }
  /** A new process took the journal up: what was in flight is unknown. */
  | { kind: 'restarted'; timeMs: number }
  /** Orders, executions and position have been read whole and agree. */
  | { kind: 'caughtUp'; timeMs: number }
  /** `outcome`: one of RESEND_*. */
  | { kind: 'resendEnded'; timeMs: number; orderId: number; outcome: number };

/** The fields of the register (events.ts) that these events use. */
type DoubtRegister = {
  kind: number;
  orderId: number;
  priceTicks: number;
  qtySteps: number;
  filledSteps: number;
  fee: number;
  funding: number;
  retCode: number;
  end: number;
  side: number;
  source: number;
  askedMs: number;
};

export function writeDoubtEvent<Register extends DoubtRegister>(
  register: Register,
  event: DoubtEvent,
): Register {
  switch (event.kind) {
    case 'outcomeUnknown':
      register.kind = EVENT_OUTCOME_UNKNOWN;
      register.orderId = event.orderId;
      register.end = event.exists ? 1 : 0;
      return register;
    case 'orderSeen':
      register.kind = EVENT_ORDER_SEEN;
      register.orderId = event.orderId;
      register.source = event.source;
      register.priceTicks = event.priceTicks;
      register.qtySteps = event.qtySteps;
      register.filledSteps = event.filledSteps;
      register.askedMs = event.askedMs;
      return register;
    case 'orderAbsent':
      register.kind = EVENT_ORDER_ABSENT;
      register.orderId = event.orderId;
      register.source = event.source;
      register.askedMs = event.askedMs;
      return register;
    case 'executionsRead':
      register.kind = EVENT_EXECUTIONS_READ;
      register.orderId = event.orderId;
      register.askedMs = event.askedMs;
      return register;
    case 'positionSeen':
      register.kind = EVENT_POSITION_SEEN;
      register.qtySteps = event.steps;
      register.askedMs = event.askedMs;
      return register;
    case 'queryFailed':
      register.kind = EVENT_QUERY_FAILED;
      register.orderId = event.orderId;
      return register;
    case 'cash':
      register.kind = EVENT_CASH;
      register.funding = event.funding;
      return register;
    case 'unownedFill':
      register.kind = EVENT_UNOWNED_FILL;
      register.source = event.why;
      register.side = event.side;
      register.priceTicks = event.priceTicks;
      register.qtySteps = event.qtySteps;
      register.fee = event.fee;
      return register;
    case 'gate':
      register.kind = EVENT_GATE;
      register.source = event.bits;
      register.end = event.closed ? 1 : 0;
      return register;
    case 'restarted':
      register.kind = EVENT_RESTARTED;
      return register;
    case 'caughtUp':
      register.kind = EVENT_CAUGHT_UP;
      return register;
    case 'resendEnded':
      register.kind = EVENT_RESEND_ENDED;
      register.orderId = event.orderId;
      register.end = event.outcome;
      return register;
  }
}
