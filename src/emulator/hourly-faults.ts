import { SURFACES } from '../venue/exchange/options.ts';
import type { CallDesk } from './call-desk.ts';
import { faultsThatStrike } from './faults/fault-kinds.ts';
import type { WireFault } from './faults/fault-kinds.ts';
import type { WireFaultPlan } from './faults/fault-plan.ts';
import type { SocketDesk } from './socket-desk.ts';
import type { Stage } from './stage.ts';

const REST_SURFACES = SURFACES.filter((surface) => surface.startsWith('rest'));
const GAP_SHARE = 0.02;

/** Faults that strike at times of their own rather than at something that passes by. */
export class HourlyFaults {
  readonly #stage: Stage;
  readonly #calls: CallDesk;
  readonly #sockets: SocketDesk;

  constructor(stage: Stage, plan: WireFaultPlan, calls: CallDesk, sockets: SocketDesk) {
    this.#stage = stage;
    this.#calls = calls;
    this.#sockets = sockets;
    for (const kind of faultsThatStrike('hour')) this.#putNext(kind);
    for (const { fault, afterMs } of plan.timed)
      stage.agenda.put(stage.nowMs + afterMs, { t: 'fault', kind: fault, again: false });
  }

  strike(kind: WireFault, again: boolean): void {
    this.#stage.dice.count(kind);
    this.do(kind);
    if (again) this.#putNext(kind);
  }

  /** Kinds that strike calls, frames or connections have no time of their own: nothing happens. */
  do(kind: WireFault): void {
    const { host, dice } = this.#stage;
    const chance = dice.chance(kind);
    switch (kind) {
      case 'ipBan':
        this.#calls.ban();
        return;
      case 'partition':
        this.#stage.partitionedUntilMs = host.nowMs + chance.between(5_000, 180_000);
        return;
      case 'socketDies':
        this.#sockets.kill(chance.hits(0.7) ? 'private' : 'public');
        return;
      case 'socketSilent':
        this.#sockets.silence(chance.hits(0.7) ? 'private' : 'public');
        return;
      case 'surfaceStale':
        host.stall(chance.pick(REST_SURFACES), chance.between(1_000, 15_000));
        return;
      case 'cacheWiped':
        host.restart();
        this.#sockets.kill();
        return;
      case 'handTrade':
        this.#tradeByHand();
        return;
      case 'unknownExecution':
        host.injectExecution('Unheard', host.market.instrument.minQtySteps);
        return;
      case 'priceGap': {
        const share = chance.hits(0.5) ? 1 + GAP_SHARE : 1 - GAP_SHARE;
        host.spike(Math.max(1, Math.round(host.market.lastTicks * share)));
        return;
      }
      default:
        return;
    }
  }

  #tradeByHand(): void {
    const { host, dice, agenda } = this.#stage;
    const chance = dice.chance('handTrade');
    const steps = host.market.instrument.minQtySteps * (chance.hits(0.5) ? 1 : -1);
    host.tradeByHand(steps);
    const backMs = host.nowMs + chance.between(30_000, 120_000);
    agenda.put(backMs, { t: 'handTradeBack', steps: -steps });
  }

  #putNext(kind: WireFault): void {
    const { dice, agenda, nowMs } = this.#stage;
    const perHour = dice.rate(kind);
    if (perHour <= 0) return;
    const atMs = nowMs + dice.chance(kind).waitMs(perHour);
    agenda.put(atMs, { t: 'fault', kind, again: true });
  }
}
