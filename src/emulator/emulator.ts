import { randomBytes } from 'node:crypto';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { InputError } from '../engine/invariant.ts';
import type { HostOptions } from '../venue/host/options.ts';
import { VenueHost } from '../venue/host/venue-host.ts';
import { Emulation } from './emulation.ts';
import { NO_FAULTS } from './faults/fault-plan.ts';
import type { WireFaultPlan } from './faults/fault-plan.ts';
import { ControlServer } from './server/control-server.ts';
import { RealTime } from './server/real-time.ts';
import { Signatures } from './server/signatures.ts';
import type { ApiKey } from './server/signatures.ts';
import { VenueServer } from './server/venue-server.ts';
import { VirtualTime } from './server/virtual-time.ts';
import { Wire } from './server/wire.ts';

const LOOPBACK = '127.0.0.1';

export type EmulatorOptions = {
  readonly host: HostOptions;
  /** A number: venue ms a wall ms. */
  readonly time: number | 'virtual';
  readonly faults?: WireFaultPlan | undefined;
  /** 0: any free one. */
  readonly port?: number | undefined;
  readonly controlPort?: number | undefined;
  /** Made up where it is not given. */
  readonly apiKey?: ApiKey | undefined;
  readonly controlToken?: string | undefined;
  readonly wallMs?: (() => number) | undefined;
  /** When the tape's start was, by the wall clock; now, where it is not given. */
  readonly startedMs?: number | undefined;
};

/** A venue that is up, and how it is reached. */
export type Emulator = {
  readonly restUrl: string;
  readonly wsUrl: string;
  readonly controlUrl: string;
  readonly apiKey: ApiKey;
  readonly controlToken: string;
  readonly emulation: Emulation;
  close(): Promise<void>;
};

/** The venue behind Bybit's wire, on this machine only. */
export async function startEmulator(options: EmulatorOptions): Promise<Emulator> {
  const wallMs = options.wallMs ?? Date.now;
  const apiKey = options.apiKey ?? { key: secretText(9), secret: secretText(24) };
  const controlToken = options.controlToken ?? secretText(24);
  const signatures = new Signatures(apiKey, wallMs);
  const emulation = new Emulation(
    new VenueHost(options.host),
    options.faults ?? NO_FAULTS,
    signatures,
  );
  const wire = new Wire();
  const clock =
    options.time === 'virtual'
      ? new VirtualTime(emulation, wire)
      : new RealTime(emulation, wire, options.time, wallMs, options.startedMs ?? wallMs());
  const venue = new VenueServer({
    emulation,
    wire,
    signatures,
    wallMs,
    catchUp: () => {
      clock.catchUp();
    },
    arrived: () => {
      clock.arrived();
    },
  });
  const control = new ControlServer({ emulation, clock, wire, wallMs }, controlToken);
  const close = async (): Promise<void> => {
    clock.close();
    wire.close();
    await Promise.all([venue.close(), control.close()]);
  };
  try {
    const port = await listen(venue.server, options.port ?? 0, '--port');
    const controlPort = await listen(control.server, options.controlPort ?? 0, '--control-port');
    return {
      restUrl: `http://${LOOPBACK}:${port}`,
      wsUrl: `ws://${LOOPBACK}:${port}`,
      controlUrl: `http://${LOOPBACK}:${controlPort}`,
      apiKey,
      controlToken,
      emulation,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function listen(server: Server, port: number, option: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const why = error.code === 'EADDRINUSE' ? 'is taken: choose another, or 0' : error.code;
      reject(new InputError(`${option} ${port} ${why ?? 'cannot be opened'}`));
    });
    server.listen(port, LOOPBACK, () => {
      resolve((server.address() as AddressInfo).port);
    });
  });
}

function secretText(bytes: number): string {
  return randomBytes(bytes).toString('base64url');
}
