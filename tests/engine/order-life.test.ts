import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CommandSink } from '../../src/engine/commands.ts';
import { END_CANCELLED_BY_USER, KIND_LIMIT, RET_ORDER_GONE } from '../../src/engine/codes.ts';
import { SOURCE_STREAM } from '../../src/engine/doubt-events.ts';
import { Engine } from '../../src/engine/engine.ts';
import { EventRegister, writeEvent } from '../../src/engine/events.ts';
import type { EngineEvent } from '../../src/engine/events.ts';
import { Instrument } from '../../src/engine/instrument.ts';
import { lifeDiagram } from '../../src/engine/order-life-diagram.ts';
import { LIFE_EVENTS, ORDER_LIFE, ORDER_STATES } from '../../src/engine/order-life.ts';
import type { LifeEvent, OrderState } from '../../src/engine/order-life.ts';
import { DEFAULT_PATIENCE } from '../../src/engine/patience.ts';
import { NO_RISK_LIMITS } from '../../src/engine/risk.ts';
import { anyStrategy } from '../../src/engine/strategy.ts';
import type { Strategy } from '../../src/engine/strategy.ts';
import { PLAIN } from '../fixtures/simulations.ts';

const QTY = 10;
/** What the venue says was filled of an order that ended with executions missing. */
const MOST_ENDED = QTY - 1;
/** What the scripted strategy wants of the one entry key. */
type Wish = { what: 'keep' | 'order' | 'nothing'; ticks: number };

const scripted: Strategy<Wish> = {
  name: 'scripted',
  summary: 'wants what the test says',
  parameters: [],
  setup: () => {
    throw new Error('not used');
  },
  plan(view, wish, plan) {
    const leaves = QTY - (view.orderFilled[0] ?? 0);
    if (wish.what === 'keep') plan.keep(0);
    if (wish.what === 'order') plan.order(0, KIND_LIMIT, 1, wish.ticks, leaves, false);
  },
};

/** One order, driven along the table's events through the engine's one entrance. */
class Life {
  readonly wish: Wish = { what: 'keep', ticks: 1_000 };
  readonly sink = new CommandSink();
  readonly engine: Engine;
  readonly #register = new EventRegister();
  #nowMs = 0;
  #filled = 0;

  constructor() {
    this.engine = new Engine(
      anyStrategy(scripted),
      this.wish,
      new Instrument(PLAIN),
      1,
      0,
      this.sink,
      NO_RISK_LIMITS,
      false,
    );
    this.engine.beCareful(DEFAULT_PATIENCE);
    this.#step({ kind: 'start', timeMs: 0, walletMoney: NaN });
  }

  get state(): OrderState {
    return ORDER_STATES[this.engine.orders.state[0] ?? 0] ?? 'none';
  }

  /** Long enough for the waits after refusals; short enough that the resolver only asks. */
  happen(event: LifeEvent): void {
    const timeMs = this.#nowMs;
    const orderId = this.engine.orders.id[0] ?? -1;
    switch (event) {
      case 'send':
        this.engine.orders.retryAtMs[0] = 0;
        this.#filled = 0;
        return this.#act('order', 1_000);
      case 'amend':
        this.engine.orders.retryAtMs[0] = 0;
        return this.#act('order', this.wish.ticks + 1);
      case 'cancel':
        return this.#act('nothing', this.wish.ticks);
      case 'ack':
        return this.#step({ kind: 'ack', timeMs, orderId });
      case 'refuse':
        return this.#step({ kind: 'refusal', timeMs, orderId, retCode: 110007 });
      case 'gone':
        return this.#step({ kind: 'refusal', timeMs, orderId, retCode: RET_ORDER_GONE });
      case 'unknown':
        return this.#step({ kind: 'outcomeUnknown', timeMs, orderId, exists: false });
      case 'fill':
        this.#filled += 1;
        return this.#fill(orderId, 1);
      case 'ended':
        return this.#step({
          kind: 'orderEnded',
          timeMs,
          orderId,
          end: END_CANCELLED_BY_USER,
          filledSteps: MOST_ENDED,
        });
      case 'drained':
        // The venue has named its count before: what is missing comes as executions.
        if (this.state === 'draining') return this.#fill(orderId, MOST_ENDED - this.#filled);
        return this.#step({
          kind: 'orderEnded',
          timeMs,
          orderId,
          end: END_CANCELLED_BY_USER,
          filledSteps: this.#filled,
        });
      case 'seen':
        return this.#step({
          kind: 'orderSeen',
          timeMs,
          orderId,
          source: SOURCE_STREAM,
          priceTicks: 7,
          qtySteps: QTY,
          filledSteps: 0,
          askedMs: -Infinity,
        });
      case 'filled':
        // Of an order that is closed, this is one more late execution.
        this.#fill(orderId, this.state === 'none' ? 1 : QTY - this.#filled);
        this.#filled = QTY;
        return;
      case 'stands':
      case 'fenced':
      case 'attach':
      case 'cleared':
      case 'dropped':
        throw new Error("a conclusion of the engine's own, not an event");
    }
  }

  #fill(orderId: number, qtySteps: number): void {
    const timeMs = this.#nowMs;
    this.#step({
      kind: 'fill',
      timeMs,
      orderId,
      priceTicks: 1_000,
      qtySteps,
      fee: 0,
      funding: 0,
      side: 1,
    });
  }

  #act(what: Wish['what'], ticks: number): void {
    Object.assign(this.wish, { what, ticks });
    this.#step({ kind: 'timer', timeMs: this.#nowMs });
    this.wish.what = 'keep';
  }

  #step(event: EngineEvent): void {
    this.engine.step(writeEvent(this.#register, event));
    this.sink.clear();
    this.#nowMs += 1;
  }
}

/** Drawn by the resolver, or for a pair of attached exits (attached-exits.test.ts). */
const CONCLUSIONS: readonly LifeEvent[] = ['stands', 'fenced', 'attach', 'cleared', 'dropped'];
const EVENTS = LIFE_EVENTS.map(([name]) => name).filter((name) => !CONCLUSIONS.includes(name));

/** Every path of the table from `none`, up to a length, that the engine can be driven along. */
function* paths(
  length: number,
  from: OrderState,
  path: readonly LifeEvent[],
  sighted = false,
): Generator<LifeEvent[]> {
  if (path.length === length) {
    yield [...path];
    return;
  }
  for (const event of EVENTS) {
    const next = ORDER_LIFE[from][event];
    if (next === 'IMPOSSIBLE' || (path.length === 0 && event !== 'send')) continue;
    // What was seen is seen again the moment its answer is unknown: two events, R-LIF-5.
    if (event === 'unknown' && from === 'sent' && sighted) continue;
    // To a place the engine takes this code for a plain refusal.
    if (event === 'gone' && (from === 'sent' || from === 'unknown')) continue;
    const seen = event === 'seen' || event === 'fill' || (sighted && event !== 'send');
    yield* paths(length, next, [...path, event], seen);
  }
}

describe('order life', () => {
  it('R-LIF-1 follows the table along every path of five events', () => {
    let walked = 0;
    for (const path of paths(5, 'none', [])) {
      const life = new Life();
      let expected: OrderState = 'none';
      for (const event of path) {
        const next: OrderState | 'IMPOSSIBLE' = ORDER_LIFE[expected][event];
        if (next === 'IMPOSSIBLE') throw new Error(`${path.join(' ')} leaves the table`);
        expected = next;
        life.happen(event);
        if (life.state !== expected)
          expect(`${path.join(' ')}: ${event} -> ${life.state}`).toBe(`${expected}`);
      }
      walked += 1;
    }
    expect(walked).toBeGreaterThan(5_000);
  });

  it('R-LIF-5 knows an order that was seen when its own answer never comes', () => {
    for (const sighting of ['seen', 'fill'] as const) {
      const life = new Life();
      for (const event of ['send', sighting, 'unknown'] as const) life.happen(event);
      expect(life.state).toBe('live');
    }
  });

  it('R-LIF-2 reaches every state, and closes from every state', () => {
    const reached = new Set<OrderState>(['none']);
    for (let round = 0; round < ORDER_STATES.length; round += 1)
      for (const from of [...reached])
        for (const next of Object.values(ORDER_LIFE[from]))
          if (next !== 'IMPOSSIBLE') reached.add(next);
    expect([...reached].sort()).toEqual([...ORDER_STATES].sort());
    for (const state of ORDER_STATES) expect(ORDER_LIFE[state].filled).toBe('none');
  });

  it('R-LIF-3 has an answer in every state to whatever the world may say', () => {
    const ours: readonly LifeEvent[] = ['send', 'amend', 'cancel', 'attach', 'fenced'];
    for (const state of ORDER_STATES)
      for (const [event] of LIFE_EVENTS)
        if (!ours.includes(event)) expect(ORDER_LIFE[state][event]).not.toBe('IMPOSSIBLE');
  });

  it('R-LIF-4 stands in the documentation as it stands in the code', () => {
    const page = readFileSync(new URL('../../docs/state-machine.md', import.meta.url), 'utf8');
    expect(page).toContain(lifeDiagram());
  });
});
