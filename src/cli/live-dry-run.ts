import { join } from 'node:path';
import { BybitTransport } from '../brokers/bybit/bybit-transport.ts';
import { endpointsOf } from '../brokers/bybit/environments.ts';
import type { EndpointOverrides, Endpoints } from '../brokers/bybit/environments.ts';
import { DryRunTransport } from '../brokers/dry-run/dry-run-transport.ts';
import { openDryVenue } from '../brokers/dry-run/venue-log.ts';
import type { Transport, TransportSink } from '../brokers/transport.ts';
import type { Instrument } from '../engine/instrument.ts';
import { toUnits } from '../engine/rational.ts';
import { checkProfile } from '../feeds/profiles.ts';
import type { Deployment } from '../live/deployment/manifest.ts';
import type { Clock } from '../live/shell/clock.ts';
import type { LiveLog } from '../live/shell/live-log.ts';
import { PATH_DIRECTION, PATH_HIGH_FIRST, PATH_LOW_FIRST, PATH_MODELS } from '../market/path.ts';
import type { DryVenueOptions } from '../venue/dry-run/dry-venue.ts';
import { USUAL_CAPITAL } from './usual-capital.ts';

export type DryRunSetup = {
  readonly deployment: Deployment;
  readonly instrument: Instrument;
  /** As the deployment says; NaN where its sizing needs none. */
  readonly capitalMoney: number;
  readonly margin: 'isolated' | 'cross';
  readonly stateDir: string;
  readonly endpoints: Endpoints;
  readonly speed: number;
  readonly clock: Clock;
  readonly log: LiveLog;
};

const SILENCE_MS = 10_000;

/** Where a dry run has its prices from: the real market, or an emulator that was named. */
export function pricesOf(category: 'linear' | 'inverse', overrides: EndpointOverrides): Endpoints {
  const isEmulated = overrides.baseUrl?.startsWith('http:') === true;
  return endpointsOf(isEmulated ? 'emulator' : 'mainnet', category, overrides);
}

/** Opens the venue's log, so the state folder must be locked by now. */
export function dryRunTransport(setup: DryRunSetup, sink: TransportSink): Transport {
  const { clock, log, endpoints, instrument, speed } = setup;
  const path = join(setup.stateDir, 'venue.log');
  const { venue, found, close } = openDryVenue(path, venueOptions(setup));
  log.say(`dry run: ${found}`);
  return new DryRunTransport(
    {
      venue,
      instrument,
      clock,
      transport: (to) => new BybitTransport({ endpoints, measuresClock: false }, to),
      silenceMs: SILENCE_MS * speed,
      said: (text) => log.say(`dry run: ${text}`),
      closed: close,
    },
    sink,
  );
}

/** The terms under which the evidence was made, as far as live prices leave a choice. */
function venueOptions(setup: DryRunSetup): DryVenueOptions {
  const { deployment, instrument, capitalMoney, margin, clock } = setup;
  const { simulation, leverage } = deployment;
  return {
    instrument,
    execution: checkProfile(simulation.execution, 'of the deployment'),
    path: walkable(simulation.path),
    seed: simulation.seed,
    leverage,
    capitalMoney: Number.isNaN(capitalMoney) ? usualCapital(instrument) : capitalMoney,
    marginMode: margin,
    startMs: clock.nowMs(),
  };
}

/** A venue with clients can walk no candle twice, and has no trades of the past. */
function walkable(path: string): number {
  const code = PATH_MODELS.findIndex((model) => model === path);
  return code === PATH_HIGH_FIRST || code === PATH_LOW_FIRST ? code : PATH_DIRECTION;
}

function usualCapital(instrument: Instrument): number {
  const unit = `0.${'0'.repeat(instrument.moneyDigits - 1)}1`;
  return toUnits(USUAL_CAPITAL[instrument.spec.category], unit) ?? NaN;
}
