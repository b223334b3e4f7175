import { delay } from './chance.ts';
import type { LegName } from './chance.ts';
import { ENTRY, STOP, emptySlot } from './engine-state.ts';
import type { EngineState, KnownOrder, Plan } from './engine-state.ts';
import { trace } from './tracing.ts';
import { bookFill } from './money.ts';
import type { EndReason, News, Request, State, World } from './world.ts';

/** News about an order, as it changes what the engine believes; whether the strategy is asked again. */
export function believe(world: World, state: State, news: News): boolean {
  if (news.type === 'price') return true;
  const { engine } = state;
  const order = orderOf(engine, news.type === 'answer' ? news.request.key : news.key, news.type === 'answer' ? news.request.id : news.id);
  if (order === undefined) return false;
  let asks = true;
  if (news.type === 'answer') {
    asks = news.request.type === 'place' ? order.endedWith === undefined || news.code !== 0 : news.code !== 0 && news.code !== 110001;
    believeAnswer(state, news.request, news.code);
  } else {
    if (news.type === 'execution') believeExecution(world, state, order, news);
    if (news.type === 'triggered') {
      order.kind = 'market';
      slotOf(engine, news.key).stopTriggered = true;
    }
    if (news.type === 'ended') {
      order.endedWith = news.filled;
      order.endReason = news.reason;
    }
    if (order.filled >= Math.max(order.qty, order.acceptedQty)) engine.orders[news.key] = undefined;
    else if (order.endReason !== undefined && order.filled === order.endedWith) {
      engine.orders[news.key] = undefined;
      believeEnd(state, news.key, order.endReason, order.filled > 0);
    }
  }
  forgetEmptySlots(engine);
  return asks;
}

function orderOf(engine: EngineState, key: number, id: number): KnownOrder | undefined {
  const order = engine.orders[key];
  return order?.id === id ? order : undefined;
}

function slotOf(engine: EngineState, key: number): EngineState['slots'][number] {
  const slot = engine.slots[Math.floor(key / 4)];
  if (slot === undefined) throw new Error(`no slot of key ${key}`);
  return slot;
}

function believeAnswer(state: State, request: Request, code: number): void {
  const { engine } = state;
  const order = orderOf(engine, request.key, request.id);
  if (order === undefined) return;
  order.inFlight = undefined;
  if (code === 0) {
    if (request.type === 'cancel') order.ending = true;
    else Object.assign(order, { acceptedPrice: order.price, acceptedQty: order.qty });
  } else if (request.type === 'place') {
    engine.orders[request.key] = undefined;
    if (code === 110092 || code === 110093) slotOf(engine, request.key).stopTriggered = true;
    else waitLonger(state, request.key);
  } else if (code === 110001) {
    order.ending = true;
  } else {
    Object.assign(order, { price: order.acceptedPrice, qty: order.acceptedQty });
    waitLonger(state, request.key);
  }
}

function believeEnd(state: State, key: number, reason: EndReason, filledSome: boolean): void {
  if (reason === 'post-only') state.engine.postOnlyWait = true;
  if (reason !== 'filled' && reason !== 'user' && reason !== 'post-only') {
    const wait = state.engine.waits[key];
    if (wait !== undefined && filledSome) wait.backoff = 0;
    waitLonger(state, key);
  }
}

function waitLonger(state: State, key: number): void {
  const wait = state.engine.waits[key];
  if (wait === undefined) return;
  wait.backoff = wait.backoff === 0 ? 1_000 : Math.min(60_000, wait.backoff * 2);
  wait.until = state.now + wait.backoff;
}

function believeExecution(world: World, state: State, order: KnownOrder, news: News & { type: 'execution' }): void {
  const { engine } = state;
  const slot = slotOf(engine, news.key);
  const role = news.key % 4;
  order.filled += news.qty;
  bookFill(world, engine.ledger, news.side, news.qty, news.price, news.fee);
  engine.ledger.funding += news.funding;
  if (role === ENTRY) {
    const opens = slot.qty === 0;
    slot.qty += news.qty;
    slot.side = news.side;
    if (opens) {
      slot.stopTriggered = false;
      slot.entryPrice = news.price;
      slot.entryAtr = engine.values[0] ?? NaN;
      slot.entryMs = state.now;
    }
  } else {
    const own = Math.min(slot.qty, news.qty);
    slot.qty -= own;
    let rest = news.qty - own;
    for (const other of engine.slots) {
      if (rest === 0 || other.qty === 0 || other.side === news.side) continue;
      const taken = Math.min(other.qty, rest);
      other.qty -= taken;
      rest -= taken;
    }
  }
  if (role === STOP) {
    engine.lastStopMs = state.now;
  }
  engine.anchor = news.price;
  engine.highest = -Infinity;
  engine.lowest = Infinity;
  engine.anyExecution = true;
  const wait = engine.waits[news.key];
  if (wait !== undefined) wait.backoff = 0;
}

function forgetEmptySlots(engine: EngineState): void {
  engine.slots.forEach((slot, i) => {
    if (slot.qty === 0 && engine.orders[i * 4 + ENTRY] === undefined && slot.entryPrice !== undefined) {
      engine.slots[i] = emptySlot();
    }
  });
}

/** Sends the difference between what is wanted and what has been asked. */
export function reconcile(world: World, state: State, plan: Plan): void {
  const { engine } = state;
  const keys = engine.orders.map((_, key) => key);
  for (const key of keys) withdraw(world, state, plan, key);
  for (const key of keys) if (key % 4 !== ENTRY) provide(world, state, plan, key);
  for (const key of keys) if (key % 4 === ENTRY) provide(world, state, plan, key);
}

function isOpenToChange(order: KnownOrder): boolean {
  return order.inFlight === undefined && !order.ending && order.endedWith === undefined
    && order.kind !== 'market';
}

function withdraw(world: World, state: State, plan: Plan, key: number): void {
  const order = state.engine.orders[key];
  if (order === undefined || !isOpenToChange(order)) return;
  const want = plan.wants.get(key);
  if (want !== undefined && want.kind === order.kind && want.side === order.side) return;
  order.inFlight = 'cancel';
  send(world, state, 'cancel', { type: 'cancel', id: order.id, key });
}

function provide(world: World, state: State, plan: Plan, key: number): void {
  const { engine } = state;
  const want = plan.wants.get(key);
  if (want === undefined) return;
  const order = engine.orders[key];
  if (order === undefined) {
    if (want.qty < minimumSteps(world) || (want.kind !== 'market' && want.price < 1)) return;
    const until = engine.waits[key]?.until ?? -Infinity;
    if (state.now < until) {
      plan.wakes.push(until);
      return;
    }
    const nextMarket = (engine.marketSentAt[key] ?? -Infinity) + 100;
    if (want.kind === 'market' && state.now < nextMarket) {
      plan.wakes.push(nextMarket);
      return;
    }
    if (want.kind === 'market') engine.marketSentAt[key] = state.now;
    place(world, state, key, want);
    return;
  }
  if (!isOpenToChange(order) || want.kind !== order.kind || want.side !== order.side) return;
  if (want.price === order.price && want.qty === order.qty) return;
  const until = engine.waits[key]?.until ?? -Infinity;
  if (state.now < until) {
    plan.wakes.push(until);
    return;
  }
  order.price = want.price;
  order.qty = want.qty;
  order.inFlight = 'amend';
  send(world, state, 'amend', { type: 'amend', id: order.id, key, price: want.price, qty: want.qty });
}

function minimumSteps(world: World): number {
  return Math.round(Number(world.spec.minQty) / Number(world.spec.qtyStep));
}

function place(world: World, state: State, key: number, want: NonNullable<ReturnType<Plan['wants']['get']>>): void {
  const { engine } = state;
  engine.attempt += 1;
  const id = engine.attempt * (4 * engine.slots.length) + key;
  engine.orders[key] = {
    id, side: want.side, kind: want.kind, sentAt: state.now, price: want.price, qty: want.qty,
    acceptedPrice: want.price, acceptedQty: want.qty, filled: 0, inFlight: 'place', ending: false,
    endedWith: undefined, endReason: undefined,
  };
  const { side, kind, price, qty, reduceOnly, postOnly } = want;
  send(world, state, 'submit', { type: 'place', id, key, side, kind, price, qty, reduceOnly, postOnly });
}

function send(world: World, state: State, leg: LegName, body: Request): void {
  state.lastRequest = Math.max(state.lastRequest, state.now + delay(world, state, leg, state.now));
  trace(state.now, `send, due ${state.lastRequest}`, body);
  state.seq += 1;
  state.pending.push({ due: state.lastRequest, kind: 1, seq: state.seq, body });
}

