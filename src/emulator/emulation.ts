import type { Body } from '../venue/exchange/order-ask.ts';
import type { Surface } from '../venue/exchange/options.ts';
import type { Dialect } from '../venue/host/stream-connection.ts';
import type { VenueHost } from '../venue/host/venue-host.ts';
import { CallDesk } from './call-desk.ts';
import type { HttpCall } from './call-desk.ts';
import type { Delivery } from './delivery.ts';
import { FaultDice } from './faults/fault-dice.ts';
import { WIRE_FAULTS } from './faults/fault-kinds.ts';
import type { WireFault } from './faults/fault-kinds.ts';
import type { WireFaultPlan } from './faults/fault-plan.ts';
import { HourlyFaults } from './hourly-faults.ts';
import { SocketDesk } from './socket-desk.ts';
import type { Door, Traffic } from './socket-desk.ts';
import { Stage } from './stage.ts';

/**
 * The venue behind its wire, without the wire: requests and texts come in, deliveries go out, and
 * venue time moves only when it is told to. Servers around it carry bytes and check signatures.
 */
export class Emulation {
  readonly #stage: Stage;
  readonly #calls: CallDesk;
  readonly #sockets: SocketDesk;
  readonly #hourly: HourlyFaults;

  constructor(host: VenueHost, plan: WireFaultPlan, door: Door) {
    this.#stage = new Stage(host, new FaultDice(plan));
    this.#calls = new CallDesk(this.#stage);
    this.#sockets = new SocketDesk(this.#stage, this.#calls, door);
    this.#hourly = new HourlyFaults(this.#stage, plan, this.#calls, this.#sockets);
  }

  get host(): VenueHost {
    return this.#stage.host;
  }

  get nowMs(): number {
    return this.#stage.nowMs;
  }

  /** Requests that came, and answers that went. */
  get calls(): Pick<CallDesk, 'received' | 'answered' | 'waiting'> {
    return this.#calls;
  }

  traffic(dialect: Dialect): Traffic {
    return this.#sockets.traffic(dialect);
  }

  get faultCounts(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#stage.dice.counts);
  }

  nextMs(): number {
    return Math.min(this.host.nextMs(), this.#stage.agenda.nextMs());
  }

  /** Time passes until then, or until one thing has happened that is to be delivered. */
  advanceTo(untilMs: number): readonly Delivery[] {
    const { agenda, host } = this.#stage;
    for (;;) {
      const held = this.#stage.takeDeliveries();
      if (held.length > 0) return held;
      const event = host.take();
      if (event !== undefined) {
        if (event.t === 'reply') this.#calls.reply(event);
        else this.#sockets.tell(event);
        continue;
      }
      const nextMs = this.nextMs();
      const reachedMs = host.advanceTo(Math.min(untilMs, nextMs));
      if (agenda.nextMs() <= reachedMs) this.#happen();
      else if (nextMs > untilMs) return this.#stage.takeDeliveries();
    }
  }

  http(call: HttpCall): readonly Delivery[] {
    this.#calls.http(call);
    return this.#stage.takeDeliveries();
  }

  refuse(http: number, retCode: number, retMsg: string): readonly Delivery[] {
    this.#calls.refuse(http, retCode, retMsg);
    return this.#stage.takeDeliveries();
  }

  open(dialect: Dialect): number | undefined {
    return this.#sockets.open(dialect);
  }

  receive(socket: number, frame: unknown): readonly Delivery[] {
    this.#sockets.receive(socket, frame);
    return this.#stage.takeDeliveries();
  }

  closed(socket: number): void {
    this.#sockets.closed(socket);
  }

  /** By hand: at once for a fault of the hour, else at the next thing of the target. */
  inject(fault: WireFault, target: string, delayMs: number | undefined): readonly Delivery[] {
    if (WIRE_FAULTS[fault].strikes === 'hour') this.#hourly.strike(fault, false);
    else this.#stage.dice.next(fault, target, delayMs);
    return this.#stage.takeDeliveries();
  }

  stall(surface: Surface, forMs: number): void {
    this.host.stall(surface, forMs);
  }

  changeKey(changes: Body): void {
    this.host.account.changeKey(changes);
  }

  #happen(): void {
    const happening = this.#stage.agenda.take();
    switch (happening.t) {
      case 'later':
        happening.act();
        return;
      case 'fault':
        this.#hourly.strike(happening.kind, happening.again);
        return;
      case 'handTradeBack':
        this.host.tradeByHand(happening.steps);
        return;
    }
  }
}
