import { Agenda } from '../venue/agenda.ts';
import type { VenueHost } from '../venue/host/venue-host.ts';
import type { Delivery } from './delivery.ts';
import type { FaultDice } from './faults/fault-dice.ts';
import type { WireFault } from './faults/fault-kinds.ts';

/** What is to happen on the wire at some venue time, apart from the venue's own. */
export type Happening =
  | { readonly t: 'later'; readonly act: () => void }
  | { readonly t: 'fault'; readonly kind: WireFault; readonly again: boolean }
  | { readonly t: 'handTradeBack'; readonly steps: number };

/** What the parts of the emulation share. */
export class Stage {
  readonly host: VenueHost;
  readonly dice: FaultDice;
  readonly agenda = new Agenda<Happening>();
  partitionedUntilMs = -Infinity;
  bannedUntilMs = -Infinity;
  /** In the order they are to be carried out. */
  readonly #deliveries: Delivery[] = [];

  constructor(host: VenueHost, dice: FaultDice) {
    this.host = host;
    this.dice = dice;
  }

  get nowMs(): number {
    return this.host.nowMs;
  }

  get isPartitioned(): boolean {
    return this.nowMs < this.partitionedUntilMs;
  }

  deliver(delivery: Delivery): void {
    this.#deliveries.push(delivery);
  }

  takeDeliveries(): Delivery[] {
    return this.#deliveries.splice(0, Infinity);
  }
}
