import { BybitTransport } from '../brokers/bybit/bybit-transport.ts';
import type { Credentials } from '../brokers/bybit/credentials.ts';
import { endpointsOf } from '../brokers/bybit/environments.ts';
import type { Endpoints } from '../brokers/bybit/environments.ts';
import { Secret } from '../brokers/bybit/secret.ts';
import { startEmulator } from '../emulator/emulator.ts';
import type { Emulator } from '../emulator/emulator.ts';
import { HostedMoves } from '../live/virtual/hosted-moves.ts';
import type { MovedVenue } from '../live/virtual/moved-venue.ts';
import type { TimeAccess } from '../live/virtual/time-channel.ts';
import { WireMoves } from '../live/virtual/wire-moves.ts';
import type { HostOptions } from '../venue/host/options.ts';
import { VenueHost } from '../venue/host/venue-host.ts';

export function hostedVenue(host: HostOptions): Promise<MovedVenue> {
  return Promise.resolve(new HostedMoves(new VenueHost(host)));
}

/** The same venue behind its wire, on a port of this process; gone with its client. */
export async function wiredVenue(host: HostOptions): Promise<MovedVenue> {
  const emulator = await startEmulator({ host, time: 'virtual' });
  const { category } = host.instrument.spec;
  const venue = await openMoves(emulator, accessTo(emulator, category));
  return {
    clock: venue.clock,
    ask: (request) => venue.ask(request),
    transport: (sink, access) => venue.transport(sink, access),
    moveUntil: (over) => venue.moveUntil(over),
    close: async () => {
      await venue.close();
      await emulator.close();
    },
  };
}

export type WireAccess = { readonly endpoints: Endpoints; readonly credentials: Credentials };

export function accessTo(
  { restUrl: baseUrl, wsUrl, apiKey: { key, secret } }: Emulator,
  category: 'linear' | 'inverse',
): WireAccess {
  return {
    endpoints: endpointsOf('emulator', category, { baseUrl, wsUrl }),
    credentials: { key: new Secret(key), secret: new Secret(secret) },
  };
}

/** Keeps the time of an emulator that was started with `--time virtual`. */
export function openMoves(
  access: TimeAccess,
  { endpoints, credentials }: WireAccess,
): Promise<WireMoves> {
  return WireMoves.open({
    access,
    wire: (sink, kind) =>
      new BybitTransport(
        kind === 'private'
          ? { endpoints, credentials, measuresClock: false }
          : { endpoints, measuresClock: false },
        sink,
      ),
    asker: new BybitTransport({ endpoints, credentials, measuresClock: false }, () => undefined),
  });
}
