/**
 * Codes that live in numeric registers on the hot path. Each list's position is its code, and its
 * text is what people see.
 */

/** What an order of a slot is for. `close` is the market order after maxHold. */
export const ROLE_ENTRY = 0;
export const ROLE_EXIT = 1;
export const ROLE_STOP = 2;
export const ROLE_CLOSE = 3;
export const ROLES_PER_SLOT = 4;
/** As written in orderLinkIds. */
export const ROLE_WORDS = ['entry', 'exit', 'stop', 'close'] as const;

export const KIND_LIMIT = 0;
export const KIND_MARKET = 1;
/** A conditional market order on last price. */
export const KIND_STOP_MARKET = 2;
export const KIND_WORDS = ['Limit', 'Market', 'StopMarket'] as const;

export const SLOT_FLAT = 0;
export const SLOT_ENTRY_PENDING = 1;
export const SLOT_IN_POSITION = 2;
export const SLOT_EXIT_PENDING = 3;
export const SLOT_RECOVERING = 4;
export const SLOT_HALTED = 5;
export const SLOT_STATE_WORDS = [
  'FLAT',
  'ENTRY_PENDING',
  'IN_POSITION',
  'EXIT_PENDING',
  'RECOVERING',
  'HALTED',
] as const;

/** The belief about one order, from the wish to the last fill. */
export const ORDER_NONE = 0;
/** Sent, not yet answered: it may or may not exist. */
export const ORDER_SENT = 1;
export const ORDER_LIVE = 2;
export const ORDER_AMENDING = 3;
export const ORDER_CANCELLING = 4;
/** The venue says it is over, but not all its fills are here yet. */
export const ORDER_DRAINING = 5;
/** The venue refused a change because the order is over; its last word is on the way. */
export const ORDER_ENDING = 6;
/** Nobody knows whether the venue has it: not a refusal, not an order. */
export const ORDER_UNKNOWN = 7;
/** A take-profit or stop that came with its entry: the venue makes it when the entry fills. */
export const ORDER_AWAITED = 8;

/** Bybit's retCodes this storey of the venue can answer. */
export const RET_OK = 0;
export const RET_PARAMETER = 10001;
export const RET_ORDER_GONE = 110001;
export const RET_INSUFFICIENT_MARGIN = 110007;
export const RET_TOO_MANY_CONDITIONAL = 110009;
export const RET_REDUCE_ONLY = 110017;
export const RET_TOO_MANY_ACTIVE = 110020;
export const RET_QTY_BELOW_FILLED = 110064;
export const RET_DUPLICATE_LINK_ID = 110072;
export const RET_TRIGGER_NOT_ABOVE = 110092;
export const RET_TRIGGER_NOT_BELOW = 110093;
export const RET_NOTIONAL_TOO_SMALL = 110094;

/** Why an order ended (Bybit's orderStatus with its cancelType / rejectReason). */
export const END_FILLED = 0;
export const END_CANCELLED_BY_USER = 1;
export const END_POST_ONLY = 2;
export const END_IOC_REMAINDER = 3;
export const END_REDUCE_ONLY = 4;
export const END_MARGIN = 5;
export const END_LIQUIDATION = 6;
export const END_FILL_OR_KILL = 7;
export const END_PROTECTION_CLEARED = 8;
/** Any other end that the venue chose: rejected, deactivated, cancelled by its own rules. */
export const END_BY_VENUE = 9;
export const END_WORDS = [
  'Filled',
  'Cancelled:CancelByUser',
  'Cancelled:EC_PostOnlyWillTakeLiquidity',
  'Cancelled:EC_NoImmediateQtyToFill',
  'Cancelled:CancelByReduceOnly',
  'Cancelled:InsufficientMargin',
  'Cancelled:CancelAllBeforeLiq',
  'Cancelled:EC_NoEnoughQtyToFill',
  'Cancelled:CancelByTpSlTsClear',
  'Cancelled:ByVenue',
] as const;
