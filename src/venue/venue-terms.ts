import type { TakerTerms } from '../market/exact.ts';
import type { AssumedQueue } from './assumed-queue.ts';
import type { MarginTerms } from './margin.ts';

export type VenueTerms = {
  readonly taker: TakerTerms;
  readonly throughTicks: number;
  readonly participation: number | undefined;
  readonly margin: MarginTerms;
  /** Money units; NaN = margin is not checked. */
  readonly capitalMoney: number;
  /** The mark price decides over liquidation; the simulation says when it has. */
  readonly liquidatesOnMark: boolean;
  /** On the path of trades: what stands ahead of an order that joins a price. */
  readonly queue?: AssumedQueue | undefined;
};
