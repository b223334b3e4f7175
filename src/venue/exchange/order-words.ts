import {
  END_CANCELLED_BY_USER,
  END_FILLED,
  END_FILL_OR_KILL,
  END_IOC_REMAINDER,
  END_LIQUIDATION,
  END_MARGIN,
  END_POST_ONLY,
  END_PROTECTION_CLEARED,
  END_REDUCE_ONLY,
} from '../../engine/codes.ts';
import { InvariantError } from '../../engine/invariant.ts';
import { TERM_ON_INDEX, TERM_ON_MARK } from '../order-terms.ts';
import type { TriggerBy } from './records.ts';

export function triggerWord(terms: number): TriggerBy {
  if ((terms & TERM_ON_MARK) !== 0) return 'MarkPrice';
  return (terms & TERM_ON_INDEX) !== 0 ? 'IndexPrice' : 'LastPrice';
}

/** Bybit's cancelType and rejectReason for an end. */
export function endWords(end: number): [cancelType: string, rejectReason: string] {
  switch (end) {
    case END_FILLED:
      return ['UNKNOWN', 'EC_NoError'];
    case END_CANCELLED_BY_USER:
      return ['CancelByUser', 'EC_PerCancelRequest'];
    case END_POST_ONLY:
      return ['UNKNOWN', 'EC_PostOnlyWillTakeLiquidity'];
    case END_IOC_REMAINDER:
      return ['UNKNOWN', 'EC_NoImmediateQtyToFill'];
    case END_FILL_OR_KILL:
      return ['UNKNOWN', 'EC_NoEnoughQtyToFill'];
    case END_REDUCE_ONLY:
      return ['CancelByReduceOnly', 'EC_PerCancelRequest'];
    case END_MARGIN:
      return ['CancelByCannotAffordOrderCost', 'EC_PerCancelRequest'];
    case END_LIQUIDATION:
      return ['CancelAllBeforeLiq', 'EC_PerCancelRequest'];
    case END_PROTECTION_CLEARED:
      return ['CancelByTpSlTsClear', 'EC_PerCancelRequest'];
    default:
      throw new InvariantError(`order end ${end} has no words`);
  }
}
