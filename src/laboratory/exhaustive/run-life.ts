import { InvariantError } from '../../engine/invariant.ts';
import { Instrument } from '../../engine/instrument.ts';
import { decodeJournal } from '../../live/journal/decode.ts';
import type { SessionOptions } from '../../live/session/options.ts';
import { Session } from '../../live/session/session.ts';
import type { Effect } from '../../live/session/protocol.ts';
import { Exchange } from '../../venue/exchange/exchange.ts';
import { NO_DELAYS } from '../../venue/exchange/options.ts';
import { INVERSE, caseOf } from '../grid-case.ts';
import type { GridCase } from '../grid-case.ts';
import { SessionBot, productionOptions } from '../production-bot.ts';
import type { LifeCase } from './deliveries.ts';
import { faultOf } from './life-checks.ts';
import { LifeWorld, START_MS } from './life-world.ts';
import type { CallEffect, PrivateFrame } from './life-world.ts';
import type { OrderLife } from './order-lives.ts';

const START_TICKS = 500_000;
const ATR_TICKS = 1_000;
const CONNECTED_MS = 2_000;
const STEP_MS = 100;
const TIMEOUT_MS = 5_000;
const DEAD_MS = 3_000;
/** Fences, timeouts and a whole round of reads have passed. */
const SETTLED_MS = 130_000;

export type MakeSession = (options: SessionOptions) => Session;

/** Plays one case; says which rule it breaks, or undefined. */
export function runLife(
  life: OrderLife,
  played: LifeCase,
  make: MakeSession = (options) => new Session(options),
): string | undefined {
  return new LifeRun(life, played, make).run();
}

class LifeRun {
  readonly #life: OrderLife;
  readonly #case: LifeCase;
  readonly #grid: GridCase;
  readonly #world: LifeWorld;
  #call: CallEffect | undefined;
  #broken: string | undefined;

  constructor(life: OrderLife, played: LifeCase, make: MakeSession) {
    this.#life = life;
    this.#case = played;
    this.#grid = gridOf(life);
    const options = productionOptions(this.#grid);
    this.#world = new LifeWorld({
      exchange: exchangeOf(this.#grid),
      start: (journal) => {
        const decoded = decodeJournal(journal, options);
        if (!decoded.ok) throw new InvariantError(`S8: ${decoded.problem}`);
        const session = make(options);
        session.fold(decoded.records);
        return session;
      },
      seize: (effect) => this.#seize(effect),
      broken: (text) => this.#break(text),
    });
  }

  run(): string | undefined {
    const world = this.#world;
    world.boot();
    world.runUntil(START_MS + CONNECTED_MS);
    this.#closeCandle();
    world.runUntil(world.nowMs + SETTLED_MS);
    if (this.#call === undefined && this.#broken === undefined) return 'no order was ever sent';
    return this.#broken ?? faultOf(world, new SessionBot(world.session).belief, this.#grid);
  }

  #closeCandle(): void {
    const indicators = [ATR_TICKS];
    const { nowMs } = this.#world;
    this.#world.give({ t: 'candle', atMs: nowMs, closeTicks: START_TICKS, indicators });
  }

  /** The first order's request is played as the case says; all else takes its ordinary way. */
  #seize(effect: Effect): boolean {
    if (effect.t === 'call' && effect.method === 'POST') this.#checkIntent(effect);
    if (this.#call !== undefined) return false;
    const { death } = this.#case;
    if (effect.t === 'sync' && death === 'before-sync') {
      this.#call = NEVER_SENT;
      this.#die(true);
      return true;
    }
    if (effect.t !== 'call' || effect.method !== 'POST') return false;
    this.#call = effect;
    if (death === 'before-send') this.#die(false);
    else this.#play(effect);
    return true;
  }

  /** The venue lives through it all at once; what it says comes as the case wants it. */
  #play(call: CallEffect): void {
    const world = this.#world;
    const messages = this.#messages(call);
    const { deliveries, death } = this.#case;
    const late = deliveries.filter(({ twice }) => twice);
    let waitMs = 0;
    for (const { message } of [...deliveries, ...late]) {
      waitMs += STEP_MS;
      const deliver = messages[message];
      if (deliver !== undefined) world.after(waitMs, deliver);
    }
    if (death !== 'none') world.after(waitMs + STEP_MS / 2, () => this.#die(death === 'torn'));
    if (deliveries.some(({ message }) => message === 0)) return;
    world.after(TIMEOUT_MS, () => {
      world.give({ t: 'failed', atMs: world.nowMs, call: call.call, why: 'timeout' });
    });
  }

  #messages(call: CallEffect): readonly (() => void)[] {
    const world = this.#world;
    const { exchange } = world;
    const { arrivesAtTicks, fills, messages } = this.#life;
    const limitTicks = START_TICKS - ATR_TICKS;
    const move = (ticks: number, steps: number): void =>
      exchange.movePrice(world.nowMs, ticks, ticks, ticks, steps);
    if (arrivesAtTicks < 0) move(limitTicks + arrivesAtTicks, 0);
    const body = exchange.post(world.nowMs, call.path, call.params);
    const frames: PrivateFrame[] = [...world.frames()];
    for (const steps of fills) {
      move(limitTicks - 2, steps);
      frames.push(...world.frames());
    }
    const spoken = frames.filter(({ topic }) => topic === 'order' || topic === 'execution');
    const said = ['reply', ...spoken.map(wordOf)];
    if (said.join() !== messages.join())
      throw new InvariantError(`life ${this.#life.name}: the venue said ${said.join(', ')}`);
    return [
      () => world.give({ t: 'reply', atMs: world.nowMs, call: call.call, status: 200, body }),
      ...spoken.map((frame) => () => world.hear(frame)),
    ];
  }

  #die(losesTail: boolean): void {
    const world = this.#world;
    world.die(losesTail);
    world.after(DEAD_MS, () => {
      world.boot();
      this.#closeCandle();
    });
  }

  /** S7, by the text of the file. */
  #checkIntent({ params }: CallEffect): void {
    const linkId = String(params['orderLinkId']);
    if (!this.#world.journal.slice(0, this.#world.durable).includes(`"orderLinkId":"${linkId}"`))
      this.#break(`S7: ${linkId} is sent before it is durable`);
  }

  #break(text: string): void {
    this.#broken ??= text;
  }
}

const NEVER_SENT: CallEffect = {
  t: 'call',
  call: 0,
  method: 'POST',
  path: '',
  params: {},
  timeoutMs: 0,
};

function wordOf({ topic, body }: PrivateFrame): string {
  if (topic !== 'order') return topic;
  const { data } = body as { readonly data: readonly { readonly orderStatus: string }[] };
  return `order ${data[0]?.orderStatus ?? ''}`;
}

function gridOf(life: OrderLife): GridCase {
  const { qtySteps, postOnly } = life;
  const params = { multiplier: 1, takeProfit: 0.5, qty: qtySteps, maxLevels: 1, postOnly };
  return caseOf(new Instrument(INVERSE), params, {
    levels: 1,
    qtySteps,
    hasStops: false,
    startTicks: START_TICKS,
    volatility: 0,
    meanGapMs: 0,
    volumeSteps: 1,
  });
}

function exchangeOf(grid: GridCase): Exchange {
  return new Exchange({
    instrument: grid.instrument,
    seed: 1,
    startMs: START_MS,
    priceTicks: START_TICKS,
    leverage: 1,
    capitalMoney: 1e15,
    marginMode: 'isolated',
    delays: NO_DELAYS,
    execution: { halfSpreadTicks: 0.5, slippageBps: 0, throughTicks: 1, participation: 1 },
  });
}
