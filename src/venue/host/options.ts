import type { Instrument } from '../../engine/instrument.ts';
import type { FundingHistory, Tape } from '../../market/tape.ts';
import type { ExecutionProfile } from '../execution-profile.ts';
import type { SurfaceDelays } from '../exchange/options.ts';

/** A venue that lives on a tape: what it trades, when, and how far away its clients are. */
export type HostOptions = {
  /** Rows before `startMs` are history that the market data shows. */
  readonly tape: Tape;
  /** Code of the path model; `adverse` cannot be walked without a second walk (refused). */
  readonly path: number;
  readonly startMs: number;
  /** No price after it. */
  readonly endMs: number;
  readonly instrument: Instrument;
  readonly execution: ExecutionProfile;
  readonly seed: number;
  readonly leverage: number;
  readonly capitalMoney: number;
  readonly marginMode: 'isolated' | 'cross';
  readonly markTape?: Tape | undefined;
  readonly funding?: FundingHistory | undefined;
  /** Where the surfaces are not to be those of the profile. */
  readonly delays?: SurfaceDelays | undefined;
  /** How often mark, index and tickers move between the path's own corners; default 1,000. */
  readonly tickEveryMs?: number | undefined;
};

export const DEFAULT_TICK_MS = 1_000;

/**
 * The profile's two streams carry all four topics. A list is read where it stands, so its lag is
 * the request's own way only: it shows at once what has happened.
 */
export function surfacesOf({ legs }: ExecutionProfile): SurfaceDelays {
  const none = { type: 'constant', ms: 0 } as const;
  return {
    wsOrder: legs.wsOrder,
    wsExecution: legs.wsExecution,
    wsPosition: legs.wsOrder,
    wsWallet: legs.wsExecution,
    restOpenOrders: none,
    restOrderHistory: none,
    restExecutions: none,
    restPosition: none,
    restWallet: none,
    restTransactionLog: none,
  };
}
