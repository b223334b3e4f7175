import type { Instrument } from '../engine/instrument.ts';
import type { FundingIndex } from '../market/funding-index.ts';
import type { Tape } from '../market/tape.ts';

/** What an order is for. The order of this list is the code in columns. */
export const ROLES = ['entry', 'exit', 'stop', 'timeout', 'liquidation'] as const;
export type RoleName = (typeof ROLES)[number];
export const ROLE_LIQUIDATION = 4;

/** Slot states; the order of this list is the code in columns. */
export const SLOT_STATES = [
  'FLAT', 'ENTRY_PENDING', 'IN_POSITION', 'EXIT_PENDING', 'RECOVERING', 'HALTED',
] as const;

/** Executions as they happened at the venue, in time and sequence order. Columns, reused. */
export type FillColumns = {
  count: number;
  timeMs: Float64Array;
  /** When the engine learnt of it; NaN when the run ended before. */
  knownMs: Float64Array;
  orderId: Float64Array;
  /** Slot index; -1 for a liquidation, which closes every slot. */
  slot: Int32Array;
  role: Uint8Array;
  /** +1 buy, -1 sell. */
  side: Int8Array;
  priceTicks: Float64Array;
  qtySteps: Float64Array;
  maker: Uint8Array;
  /** Money units of the settle currency; positive is a cost. */
  fee: Float64Array;
};

export type { FundingIndex };

/** Everything statistics need of one run; nothing in it is an average. */
export type RunRecord = {
  readonly tape: Tape;
  /** Tape rows [firstRow, endRow) lie in the run's period; rows before are warm-up. */
  readonly firstRow: number;
  readonly endRow: number;
  readonly startMs: number;
  readonly endMs: number;
  readonly instrument: Instrument;
  readonly fills: FillColumns;
  readonly fundingIndex: FundingIndex;
  /** Sum of funding booked by the venue, money units; positive = paid. */
  fundingPaid: number;
  /** NaN when not liquidated; the run ends there. */
  liquidatedAtMs: number;
  /** Slot-milliseconds spent in each of SLOT_STATES, over all slots. */
  readonly stateMs: Float64Array;
  readonly slotCount: number;
  /** Capital as given, in money units; NaN = derive it from the largest notional / leverage. */
  capital: number;
  readonly leverage: number;
  /** Price in ticks at which what is still open counts as closed: a long sells, a short buys. */
  closeLongTicks: number;
  closeShortTicks: number;
};
