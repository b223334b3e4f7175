import type { Instrument } from './instrument.ts';

/** Limits the engine enforces before it sends. Absent = not limited. */
export type RiskLimits = {
  /** Net position plus entries that may still fill, in steps. */
  readonly maxPositionSteps: number;
  readonly maxOpenOrders: number;
  /** Sends of any order in a sliding minute; beyond it entries wait. */
  readonly maxOrdersPerMinute: number;
  /** How far beyond the known price a limit entry may be, as a share of it. */
  readonly collarShare: number;
  /** Fall of the account's worth within a UTC day, settle money units. */
  readonly maxDailyLossMoney: number;
  /** Age of the newest price seen, beyond which no entry is sent or moved. */
  readonly maxPriceAgeMs: number;
};

export const NO_RISK_LIMITS: RiskLimits = {
  maxPositionSteps: Infinity,
  maxOpenOrders: Infinity,
  maxOrdersPerMinute: Infinity,
  collarShare: Infinity,
  maxDailyLossMoney: Infinity,
  maxPriceAgeMs: Infinity,
};

/** Whether an order meets the instrument's minimum quantity and notional. */
export function meetsMinimum(
  instrument: Instrument,
  qtySteps: number,
  priceTicks: number,
  reduceOnly: boolean,
): boolean {
  if (qtySteps < instrument.minQtySteps && !reduceOnly) return false;
  if (qtySteps <= 0) return false;
  if (instrument.minNotional === 0 || reduceOnly) return true;
  const notional = instrument.inverse
    ? qtySteps * instrument.qtyStep
    : qtySteps * instrument.qtyStep * priceTicks * instrument.tickSize;
  return notional >= instrument.minNotional * (1 - 1e-12);
}
