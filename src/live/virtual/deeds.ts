import type { TransportInput } from '../../brokers/transport.ts';
import type { VirtualClock } from '../shell/clock.ts';
import type { Connection, OwnLedger, VenueLedger } from './venue-ledger.ts';

/** Something we do at the venue; the next is done when this one has arrived. */
export type Deed = {
  readonly act: () => void;
  readonly hasArrived: (venue: VenueLedger, own: OwnLedger) => boolean;
};
/** Something that came; `of` is the connection it came by. */
export type Arrival = {
  readonly input: TransportInput;
  readonly of: Connection | undefined;
  readonly take: () => void;
};

/** What several transports share: one order of what they do and of what comes to them. */
export interface Order {
  readonly clock: VirtualClock;
  readonly own: OwnLedger;
  does(deed: Deed): void;
  arrives(arrival: Arrival): void;
  /** What came by a connection that was given up is nobody's. */
  forget(connection: Connection): void;
}
