import type { Instrument } from '../../engine/instrument.ts';
import type { Distribution } from '../latency.ts';

/** Everything of the exchange that shows its state, each with a delay of its own. */
export const SURFACES = [
  'wsOrder',
  'wsExecution',
  'wsPosition',
  'wsWallet',
  'restOpenOrders',
  'restOrderHistory',
  'restExecutions',
  'restPosition',
  'restWallet',
  'restTransactionLog',
] as const;
export type Surface = (typeof SURFACES)[number];
export type SurfaceDelays = Readonly<Record<Surface, Distribution>>;

export type ExchangeOptions = {
  readonly instrument: Instrument;
  readonly seed: number;
  readonly startMs: number;
  readonly priceTicks: number;
  readonly leverage: number;
  readonly capitalMoney: number;
  readonly marginMode: 'isolated' | 'cross';
  readonly funding?:
    | {
        readonly everyMs: number;
        /** Where `rateAt` knows none. */
        readonly rate: string;
        readonly rateAt?: ((timeMs: number) => string | undefined) | undefined;
      }
    | undefined;
  readonly delays: SurfaceDelays;
  readonly execution: {
    readonly halfSpreadTicks: number;
    readonly slippageBps: number;
    readonly throughTicks: number;
    readonly participation?: number | undefined;
  };
  /** Share of the mark price that a limit may lie beyond it (110003); default 0.1. */
  readonly priceLimitShare?: number | undefined;
  /** A request that arrives this soon after its order's last fill is still acknowledged. */
  readonly raceMs?: number | undefined;
};

/** No delay anywhere. */
export const NO_DELAYS: SurfaceDelays = allSurfaces({ type: 'constant', ms: 0 });

export function allSurfaces(distribution: Distribution): SurfaceDelays {
  const entries = SURFACES.map((surface) => [surface, distribution] as const);
  return Object.fromEntries(entries) as SurfaceDelays;
}
