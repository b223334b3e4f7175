import type { Venue } from '../venue.ts';
import type { Logs } from './logs.ts';
import type { ExecutionTruth, OrderTruth, Truth } from './records.ts';

/** What really is, at every moment: for audits and reports, never for the engine. */
export function truthOf(logs: Logs, venue: Venue): Truth {
  const { ledger } = venue;
  return {
    get orders(): readonly OrderTruth[] {
      return logs.orders;
    },
    get byLinkId(): ReadonlyMap<string, OrderTruth> {
      return logs.byLinkId;
    },
    get executions(): readonly ExecutionTruth[] {
      return logs.executions;
    },
    get positionSteps(): number {
      return ledger.positionSteps;
    },
    get entryMoney(): number {
      return ledger.entryValue;
    },
    get realisedMoney(): number {
      return ledger.realised;
    },
    get feesMoney(): number {
      return ledger.fees;
    },
    get fundingMoney(): number {
      return ledger.funding;
    },
    get cashMoney(): number {
      return ledger.cash();
    },
  };
}
