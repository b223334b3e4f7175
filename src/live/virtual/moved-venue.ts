import type { RestAnswer, RestRequest } from '../../brokers/bybit/rest-request.ts';
import type { Transport, TransportSink } from '../../brokers/transport.ts';
import type { VirtualClock } from '../shell/clock.ts';

/**
 * A venue whose time its client moves: it stands still until the client has nothing left to do. In
 * one process or over the wire, the same client does the same at the same ms.
 */
export interface MovedVenue {
  readonly clock: VirtualClock;
  /** Before the process begins; time moves until the answer is there. */
  ask(request: RestRequest): Promise<RestAnswer>;
  /** Several may be open at once. */
  transport(sink: TransportSink, access: 'private' | 'public'): Transport;
  /** Lets time pass until `over` has come to its end. */
  moveUntil<Result>(over: Promise<Result>): Promise<Result>;
  close(): Promise<void>;
}
