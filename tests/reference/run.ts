import { marketDelay } from './chance.ts';
import { believe, reconcile } from './engine.ts';
import { compare, toNumber, whole } from './fraction.ts';
import { bookFunding, equityAt } from './money.ts';
import { firstOf, firstReached, lastPriceAt, lastRow, waypointsOf } from './path.ts';
import type { Plan } from './engine-state.ts';
import type { Strategy } from './strategy.ts';
import { fillFresh, levelOf, looksAgain, markMoves, pathMoves, receive, volumeLeft } from './venue.ts';
import { trace } from './tracing.ts';
import { liquidationPrices } from './money.ts';
import { newState } from './setup.ts';
import type { Message, State, World } from './world.ts';

/** Milliseconds at which something happens: more than that is an order loop that nobody waits for. */
const MOST_MOMENTS = 30_000;

/** The whole run, candle by candle; returns the final state. */
export function runReference(world: World, strategy: Strategy): State {
  let state = newState(world, strategy.slots);
  world.candles.forEach((candle, row) => {
    if (candle.t < world.startMs || state.liquidatedAt !== undefined) return;
    walk(world, strategy, state, candle.t, -1);
    if (world.path === 'adverse') state = walkBoth(world, strategy, state, row);
    else walk(world, strategy, state, candle.t + world.intervalMs, row);
  });
  bookFunding(world, state, state.liquidatedAt ?? world.endMs - 1);
  return state;
}

function walkBoth(world: World, strategy: Strategy, start: State, row: number): State {
  const candle = world.candles[row];
  if (candle === undefined) throw new Error(`no candle ${row}`);
  const last = candle.t + world.intervalMs - 1;
  const fills = start.fills;
  start.fills = [];
  const walked = [false, true].map((highFirst) => {
    const state = structuredClone(start);
    trace(candle.t, 'walks', highFirst);
    world.highFirst[row] = highFirst;
    walk(world, strategy, state, last + 1, row);
    trace(candle.t, 'equity', [equityAt(world, state, whole(candle.close), last), state.ledger, state.settled]);
    return { state, equity: equityAt(world, state, whole(candle.close), last) };
  });
  const [lowFirst, highFirst] = walked;
  if (lowFirst === undefined || highFirst === undefined) throw new Error('two walks');
  const keepsLow = compare(lowFirst.equity, highFirst.equity) < 0;
  world.highFirst[row] = !keepsLow;
  const kept = keepsLow ? lowFirst.state : highFirst.state;
  for (const fill of kept.fills) fills.push(fill);
  kept.fills = fills;
  return kept;
}

/** Every ms before `until` at which something happens; row = the candle walked, -1 in a gap. */
function walk(world: World, strategy: Strategy, state: State, until: number, row: number): void {
  while (state.liquidatedAt === undefined) {
    findCrossing(world, state, until, row);
    const t = nextTime(world, state, until, row);
    if (t >= until) return;
    state.now = t;
    state.moments += 1;
    if (state.moments > MOST_MOMENTS) throw new Error(`more than ${MOST_MOMENTS} moments`);
    happen(world, strategy, state);
  }
}

function nextTime(world: World, state: State, until: number, row: number): number {
  const after = state.now + 1;
  const times = state.pending.map((message) => message.due);
  times.push(world.closes[state.nextClose]?.knownAt ?? Infinity);
  times.push(state.engine.started ? state.engine.timer ?? Infinity : world.startMs);
  const { crossing } = state.engine;
  if (crossing !== undefined && !crossing.posted) times.push(crossing.s);
  if (row >= 0) {
    const open = world.candles[row]?.t ?? Infinity;
    if (open >= after) times.push(open);
    const reached = (level: number, direction: number): void => {
      times.push(firstReached(world, row, after, until, level, direction) ?? Infinity);
    };
    if (open < after) {
      const anyVolume = volumeLeft(world, state) > 0;
      for (const order of state.orders) {
        if (order.waiting || (order.kind !== 'stop' && !anyVolume)) continue;
        const { level, direction } = levelOf(world, order);
        reached(level, direction);
      }
      const prices = liquidationPrices(world, state.ledger);
      if (prices !== undefined && world.mark === undefined) reached(prices.liquidation, state.ledger.position > 0 ? -1 : 1);
    }
  }
  times.push(markReached(world, state, after, until));
  return Math.max(Math.min(...times), after);
}

/** When the mark series' path reaches the liquidation level. */
function markReached(world: World, state: State, from: number, until: number): number {
  const { mark, intervalMs } = world;
  const prices = mark === undefined ? undefined : liquidationPrices(world, state.ledger);
  if (mark === undefined || prices === undefined) return Infinity;
  for (let row = Math.max(0, lastRow(mark, from)); row < mark.length; row += 1) {
    const c = mark[row];
    if (c === undefined || c.t >= until) break;
    const points = waypointsOf(c, intervalMs, c.close < c.open);
    const t = firstOf(points, from, until, prices.liquidation, state.ledger.position > 0 ? -1 : 1);
    if (t !== undefined) return t;
  }
  return Infinity;
}

/** Everything of one ms, in the order of section 4. */
function happen(world: World, strategy: Strategy, state: State): void {
  pathMoves(world, state);
  if (state.liquidatedAt === undefined) markMoves(world, state);
  if (state.liquidatedAt !== undefined) return;
  postPrice(world, state);
  let deliveries = 0;
  for (;;) {
    const message = nextMessage(state);
    if (message?.kind === 1) {
      state.pending = state.pending.filter((other) => other !== message);
      receive(world, state, message.body);
    } else if (looksAgain(state)) {
      fillFresh(world, state);
      if (state.liquidatedAt !== undefined) return;
    } else if (message !== undefined) {
      state.pending = state.pending.filter((other) => other !== message);
      trace(state.now, 'deliver', message.body);
      // An execution is a price too.
      if (message.body.type === 'execution') state.engine.seen = Math.max(state.engine.seen, message.body.t);
      see(world, state);
      if (message.body.type === 'price') arrivedPrice(world, state);
      if (believe(world, state, message.body)) ask(world, strategy, state);
      else follow(world, state);
    } else if ((world.closes[state.nextClose]?.knownAt ?? Infinity) <= state.now) {
      trace(state.now, 'close', world.closes[state.nextClose]);
      see(world, state);
      askAtClose(world, strategy, state);
    } else if (!state.engine.started && state.now >= world.startMs) {
      see(world, state);
      state.engine.started = true;
      warmUp(state);
      ask(world, strategy, state);
    } else if (state.engine.timer !== undefined && state.engine.timer <= state.now) {
      see(world, state);
      ask(world, strategy, state);
    } else {
      return;
    }
    deliveries += 1;
    if (deliveries > 1_000) throw new Error(`more than 1,000 deliveries at ${state.now}`);
  }
}

function nextMessage(state: State): Message | undefined {
  let first: Message | undefined;
  for (const message of state.pending) {
    if (message.due > state.now) continue;
    if (first === undefined || message.kind < first.kind || (message.kind === first.kind && message.seq < first.seq)) {
      first = message;
    }
  }
  return first;
}

/** What the engine has seen of the path at a delivery. */
function see(world: World, state: State): void {
  const { engine } = state;
  engine.seen = Math.max(engine.seen, state.now - marketDelay(world, state.now));
  showSeen(world, state);
}

function showSeen(world: World, state: State): void {
  const { engine } = state;
  engine.price = lastPriceAt(world, engine.seen);
  if (engine.firstPrice === undefined && state.now >= world.startMs) engine.firstPrice = engine.price;
}

/**
 * A close that is known while a price beyond the band is still under way, or that changes the mind
 * about an order that waits to be sent: Lockstep does not ask the strategy for it (verdict.ts).
 */
function askAtClose(world: World, strategy: Strategy, state: State): void {
  const { crossing, price, low, high, plan, orders } = state.engine;
  const at = price === undefined ? NaN : toNumber(price);
  const overtakes = crossing?.posted === true && (at <= low || at >= high);
  const held = [...plan?.wants ?? []].filter(([key]) => orders[key] === undefined);
  knowClose(world, state);
  ask(world, strategy, state);
  const changes = held.some(([key, before]) => {
    const now = state.engine.plan?.wants.get(key);
    return now?.kind !== before.kind || now.side !== before.side || (strategy.watchesPrice && now.price !== before.price);
  });
  if (overtakes || changes) state.seenFeatures.overtaken = (state.seenFeatures.overtaken ?? 0) + 1;
}

/** The price message that is delivered now. */
function arrivedPrice(world: World, state: State): void {
  const { engine } = state;
  if (engine.crossing === undefined) return;
  engine.seen = Math.max(engine.seen, engine.crossing.s);
  showSeen(world, state);
  engine.crossing = undefined;
  engine.low = -Infinity;
  engine.high = Infinity;
}

export function knowClose(world: World, state: State): void {
  const { engine } = state;
  const known = world.closes[state.nextClose];
  if (known === undefined) return;
  state.nextClose += 1;
  engine.previous = engine.values;
  engine.values = known.values;
  engine.close = known.close;
  engine.closeIsNews = true;
  engine.postOnlyWait = false;
  engine.highest = Math.max(engine.highest, known.close);
  engine.lowest = Math.min(engine.lowest, known.close);
  warmUp(state);
}

/** The first ATR is known, or was known at the start. */
function warmUp(state: State): void {
  const { engine } = state;
  if (engine.warm || engine.values[0] === undefined || engine.close === undefined) return;
  engine.warm = true;
  engine.anchor = engine.close;
  engine.highest = engine.close;
  engine.lowest = engine.close;
}

/** A delivery that changes nothing the strategy decides on: its last plan stands. */
function follow(world: World, state: State): void {
  const { plan } = state.engine;
  if (plan === undefined) return;
  reconcile(world, state, plan);
  // A timer that is due in this very ms still comes.
  setTimer(state, plan, state.engine.timer);
}

function setTimer(state: State, plan: Plan, due?: number): void {
  const wakes = plan.wakes.filter((t) => t > state.now || t === due);
  state.engine.timer = wakes.length === 0 ? undefined : Math.min(...wakes);
}

function ask(world: World, strategy: Strategy, state: State): void {
  const { engine } = state;
  const plan = strategy.plan(world, state);
  if (strategy.watchesPrice) trace(state.now, 'asked', [engine.price === undefined ? NaN : toNumber(engine.price), engine.seen, plan.low, plan.high, engine.values[0], engine.anchor, engine.slots.map((s) => [s.qty, s.entryPrice])]);
  if (strategy.watchesPrice && (plan.low !== engine.low || plan.high !== engine.high)) {
    state.pending = state.pending.filter((message) => message.body.type !== 'price');
    engine.low = plan.low;
    engine.high = plan.high;
    engine.crossing = undefined;
    engine.searchedTo = engine.seen;
  }
  reconcile(world, state, plan);
  engine.plan = plan;
  setTimer(state, plan);
  if (strategy.watchesPrice) findCrossingUpTo(world, state, state.now + 1);
  postPrice(world, state);
}

/** Looks for the band's crossing in the part of the path that is known to be walked. */
function findCrossing(world: World, state: State, until: number, row: number): void {
  if (row >= 0) findCrossingUpTo(world, state, until);
}

function findCrossingUpTo(world: World, state: State, until: number): void {
  const { engine } = state;
  if (!engine.started || engine.crossing !== undefined || (engine.low === -Infinity && engine.high === Infinity)) return;
  const from = engine.searchedTo + 1;
  for (let row = Math.max(0, lastRow(world.candles, from)); row < world.candles.length; row += 1) {
    const candle = world.candles[row];
    if (candle === undefined || candle.t >= until) break;
    if (candle.t + world.intervalMs <= from) continue;
    const below = engine.low === -Infinity ? undefined : engine.low === Infinity ? Math.max(from, candle.t)
      : firstReached(world, row, from, until, engine.low, -1);
    const above = engine.high === Infinity ? undefined : firstReached(world, row, from, until, engine.high, 1);
    const s = Math.min(below ?? Infinity, above ?? Infinity);
    if (s < until) {
      engine.crossing = { s, posted: false };
      return;
    }
  }
  engine.searchedTo = Math.max(engine.searchedTo, until - 1);
}

function postPrice(world: World, state: State): void {
  const { crossing } = state.engine;
  if (crossing === undefined || crossing.posted || crossing.s > state.now) return;
  crossing.posted = true;
  state.seq += 1;
  const due = Math.max(state.now, crossing.s + marketDelay(world, crossing.s));
  state.pending.push({ due, kind: 2, seq: state.seq, body: { type: 'price' } });
}

