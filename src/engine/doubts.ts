import type { Patience } from './patience.ts';

/** What is awaited of an order. */
export const NO_DOUBT = 0;
/** The request in flight has no answer yet. */
export const DOUBT_REQUEST = 1;
/** Accepted, but no surface has shown it. */
export const DOUBT_UNSIGHTED = 2;
/** A market order that should have ended. */
export const DOUBT_MARKET = 3;
/** The venue counts more than our executions do. */
export const DOUBT_EXECUTIONS = 4;
export const DOUBT_PLACE = 5;
export const DOUBT_AMEND = 6;
/** Its end is on the way, or a cancel came to nothing. */
export const DOUBT_END = 7;
/** A list of open orders does not show it. */
export const DOUBT_GONE = 8;

/** Questions in their order: history comes before executions, the position is the last witness. */
export const ASK_REALTIME = 0;
export const ASK_HISTORY = 1;
export const ASK_EXECUTIONS = 2;
export const ASK_POSITION = 3;

/** What is asked first about a doubt. */
export function firstQuestion(doubt: number): number {
  return doubt === DOUBT_EXECUTIONS ? ASK_EXECUTIONS : ASK_REALTIME;
}

/** How long a doubt may last before anything is asked. */
export function firstWaitMs(doubt: number, unanswered: boolean, patience: Patience): number {
  switch (doubt) {
    case DOUBT_REQUEST:
      return patience.requestMs;
    case DOUBT_EXECUTIONS:
      return patience.executionsMs;
    case DOUBT_UNSIGHTED:
    case DOUBT_MARKET:
      return patience.streamMs;
    case DOUBT_END:
      return unanswered ? 0 : patience.streamMs;
    case NO_DOUBT:
      return Infinity;
    default:
      return 0;
  }
}
