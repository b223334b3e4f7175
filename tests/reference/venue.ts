import { delay } from './chance.ts';
import { add, ceil, compare, decimal, floor, mul, sub, whole } from './fraction.ts';
import type { Fraction } from './fraction.ts';
import { costTooHigh } from './margin.ts';
import { bookFill, bookFunding, feeOf, liquidationPrices, valueOf } from './money.ts';
import { candleAt, isReached, lastPriceAt, lastRow, priceAt, priceOn, waypointsOf } from './path.ts';
import { trace } from './tracing.ts';
import type { EndReason, News, Request, State, VenueOrder, World } from './world.ts';

function feature(state: State, name: string): void {
  state.seenFeatures[name] = (state.seenFeatures[name] ?? 0) + 1;
}

function post(state: State, due: number, body: News): void {
  trace(state.now, `post, due ${due}`, body);
  state.seq += 1;
  state.pending.push({ due, kind: 2, seq: state.seq, body });
}

function answer(world: World, state: State, request: Request, code: number): void {
  post(state, state.now + delay(world, state, 'ack', state.now), { type: 'answer', request, code });
}

function postUpdate(world: World, state: State, body: News): void {
  state.lastUpdate = Math.max(state.lastUpdate, state.now + delay(world, state, 'wsOrder', state.now));
  post(state, state.lastUpdate, body);
}

function end(world: World, state: State, order: VenueOrder, reason: EndReason): void {
  state.orders = state.orders.filter((other) => other !== order);
  feature(state, `end ${reason}`);
  postUpdate(world, state, { type: 'ended', id: order.id, key: order.key, reason, filled: order.filled });
}

/** The level at which a resting order is reached, and from which side. */
function levelOf(world: World, order: VenueOrder): { level: number; direction: number } {
  if (order.kind === 'stop') return { level: order.price, direction: order.side };
  return { level: order.price - order.side * world.profile.throughTicks, direction: -order.side };
}

/** Steps our orders may still take of this candle. */
function volumeLeft(world: World, state: State): number {
  const share = world.profile.participation;
  if (share === undefined) return Infinity;
  const candle = world.candles[candleAt(world, state.now)];
  if (candle === undefined) return 0;
  const millionths = BigInt(Math.round(share * 1e6));
  return Number((BigInt(candle.volume) * millionths) / 1_000_000n) - state.used;
}

function takerPrice(world: World, price: Fraction, side: number): number {
  const slip = mul(price, mul(decimal(world.profile.slippageBps), { n: 1n, d: 10_000n }));
  const cost = add(decimal(world.profile.halfSpreadTicks), slip);
  return side > 0 ? ceil(add(price, cost)) : Math.max(1, floor(sub(price, cost)));
}

function isMarketable(world: World, order: VenueOrder, price: Fraction): boolean {
  const spread = decimal(world.profile.halfSpreadTicks);
  const other = order.side > 0 ? add(price, spread) : sub(price, spread);
  return compare(whole(order.price), other) * order.side >= 0;
}

/** What of `wanted` may trade now. */
function allowed(world: World, state: State, order: VenueOrder): number {
  const closable = order.reduceOnly ? Math.max(0, -state.ledger.position * order.side) : Infinity;
  return Math.min(order.qty - order.filled, closable, volumeLeft(world, state));
}

function trade(world: World, state: State, order: VenueOrder, qty: number, price: number, maker: boolean): void {
  const funding = bookFunding(world, state, state.now);
  if (funding !== 0n) feature(state, 'funding');
  const fee = feeOf(world, qty, price, maker);
  bookFill(world, state.ledger, order.side, qty, price, fee);
  order.filled += qty;
  state.traded = true;
  state.changedAt = state.now;
  if (world.profile.participation !== undefined) state.used += qty;
  const role = order.key % 4;
  state.fills.push({ t: state.now, id: order.id, slot: Math.floor(order.key / 4), role, side: order.side, price, qty, maker, fee: Number(fee) });
  if (order.filled < order.qty) feature(state, 'partial');
  feature(state, maker ? 'maker' : 'taker');
  feature(state, `role ${role}`);
  state.lastExecution = Math.max(state.lastExecution, state.now + delay(world, state, 'wsExecution', state.now));
  post(state, state.lastExecution, { type: 'execution', id: order.id, key: order.key, side: order.side, price, qty, fee, funding, t: state.now });
  if (order.filled === order.qty) end(world, state, order, 'filled');
  trimReduceOnly(world, state);
}

/** Resting reduce-only limit orders never add up to more than what they could close. */
function trimReduceOnly(world: World, state: State): void {
  for (const side of [-1, 1]) {
    const resting = state.orders
      .filter((order) => order.reduceOnly && order.kind === 'limit' && order.side === side && !order.waiting)
      // Furthest from the market first: the highest sell, the lowest buy; then the newest.
      .sort((a, b) => (a.price - b.price) * side || b.rank - a.rank);
    let excess = resting.reduce((sum, order) => sum + order.qty - order.filled, 0) - Math.max(0, -state.ledger.position * side);
    for (const order of resting) {
      if (excess <= 0) break;
      const cut = Math.min(excess, order.qty - order.filled);
      excess -= cut;
      feature(state, 'trimmed');
      if (cut === order.qty - order.filled) end(world, state, order, 'reduce-only');
      else order.qty -= cut;
    }
  }
}

function takeAtMarket(world: World, state: State, order: VenueOrder, price: Fraction): void {
  const qty = allowed(world, state, order);
  if (qty > 0) trade(world, state, order, qty, takerPrice(world, price, order.side), false);
  if (!state.orders.includes(order)) return;
  const nothingToClose = order.reduceOnly && state.ledger.position * order.side >= 0;
  end(world, state, order, nothingToClose ? 'reduce-only' : 'ioc');
}

/** An order meets the market: on arrival, after a new price, or when the market opens. */
function meetMarket(world: World, state: State, order: VenueOrder, price: Fraction): void {
  order.waiting = false;
  if (order.kind === 'market') {
    takeAtMarket(world, state, order, price);
  } else if (order.kind === 'stop') {
    order.fresh = isReached(price, order.price, order.side);
  } else if (isMarketable(world, order, price)) {
    if (order.postOnly) {
      end(world, state, order, 'post-only');
      return;
    }
    const best = takerPrice(world, price, order.side);
    const at = order.side > 0 ? Math.min(order.price, best) : Math.max(order.price, best);
    const qty = allowed(world, state, order);
    if (qty > 0) trade(world, state, order, qty, at, false);
  } else {
    const { level, direction } = levelOf(world, order);
    order.fresh = isReached(price, level, direction);
  }
}

function trigger(world: World, state: State, order: VenueOrder, price: Fraction): void {
  feature(state, 'stop triggered');
  postUpdate(world, state, { type: 'triggered', id: order.id, key: order.key });
  order.kind = 'market';
  takeAtMarket(world, state, order, price);
}

/** Resting orders among `candidates` that the price has reached, filled in the order of section 6. */
function fillReached(world: World, state: State, candidates: VenueOrder[], price: Fraction): void {
  const reached = candidates
    .map((order) => ({ order, ...levelOf(world, order) }))
    .filter(({ level, direction }) => isReached(price, level, direction));
  reached.sort((a, b) => {
    if (a.direction !== b.direction) return a.direction - b.direction;
    if (a.level !== b.level) return (a.level - b.level) * a.direction;
    return a.order.rank - b.order.rank;
  });
  for (const { order } of reached) {
    if (!state.orders.includes(order)) continue;
    if (order.kind === 'stop') {
      trigger(world, state, order, price);
      continue;
    }
    const qty = allowed(world, state, order);
    if (qty > 0) trade(world, state, order, qty, order.price, true);
  }
}

/** Kind 0. */
export function pathMoves(world: World, state: State): void {
  const price = priceAt(world, state.now);
  if (price === undefined) return;
  const opens = world.candles[candleAt(world, state.now)]?.t === state.now;
  if (opens) state.used = 0;
  fillReached(world, state, state.orders.filter((order) => !order.waiting), price);
  liquidateAtPath(world, state, price);
  if (opens && state.liquidatedAt === undefined) {
    const waiting = state.orders.filter((order) => order.waiting).sort((a, b) => a.rank - b.rank);
    for (const order of waiting) {
      feature(state, 'waited');
      meetMarket(world, state, order, price);
      trimReduceOnly(world, state);
    }
  }
}

/** Where the run's own path is the mark. */
function liquidateAtPath(world: World, state: State, price: Fraction): void {
  state.traded = false;
  if (world.mark === undefined) liquidateAt(world, state, price);
}

/** Kind 0, after the fills: the mark series' own path, once the position is a ms old. */
export function markMoves(world: World, state: State): void {
  if (world.mark === undefined || state.now <= state.changedAt) return;
  const row = lastRow(world.mark, state.now);
  const candle = world.mark[row];
  if (candle === undefined || state.now >= candle.t + world.intervalMs) return;
  liquidateAt(world, state, priceOn(waypointsOf(candle, world.intervalMs, candle.close < candle.open), state.now));
}

function liquidateAt(world: World, state: State, price: Fraction): void {
  const prices = liquidationPrices(world, state.ledger);
  const long = state.ledger.position > 0;
  if (prices === undefined || !isReached(price, prices.liquidation, long ? -1 : 1)) return;
  const funding = bookFunding(world, state, state.now);
  void funding;
  const qty = Math.abs(state.ledger.position);
  const side = long ? -1 : 1;
  const fee = feeOf(world, qty, prices.bankruptcy, false);
  bookFill(world, state.ledger, side, qty, prices.bankruptcy, fee);
  state.fills.push({ t: state.now, id: -1, slot: -1, role: 4, side, price: prices.bankruptcy, qty, maker: false, fee: Number(fee) });
  state.orders = [];
  state.liquidatedAt = state.now;
}

/** Orders that arrived in this ms at their level, or a changed position, when no request is pending. */
export function looksAgain(state: State): boolean {
  return state.traded || state.orders.some((order) => order.fresh);
}

export function fillFresh(world: World, state: State): void {
  const fresh = state.orders.filter((order) => order.fresh);
  for (const order of fresh) order.fresh = false;
  const price = priceAt(world, state.now);
  if (price === undefined) return;
  fillReached(world, state, fresh, price);
  if (state.traded) liquidateAtPath(world, state, price);
}

/** Kind 1. */
export function receive(world: World, state: State, request: Request): void {
  trace(state.now, 'receive', request);
  const price = priceAt(world, state.now);
  if (request.type === 'place') {
    place(world, state, request, price);
    return;
  }
  const order = state.orders.find((other) => other.id === request.id);
  if (order === undefined) {
    feature(state, 'too late');
    answer(world, state, request, 110001);
    return;
  }
  if (request.type === 'cancel') {
    end(world, state, order, 'user');
    answer(world, state, request, 0);
    return;
  }
  if (request.qty <= order.filled) {
    feature(state, 'below filled');
    answer(world, state, request, 110064);
    return;
  }
  if (!order.reduceOnly && costTooHigh(world, state, order.side, request.qty - order.filled, whole(request.price), order)) {
    answer(world, state, request, 110007);
    return;
  }
  const moved = request.price !== order.price;
  if (moved || request.qty > order.qty) order.rank = state.rank += 1;
  order.price = request.price;
  order.qty = request.qty;
  if (moved && price === undefined) order.waiting = true;
  else if (moved && price !== undefined) meetMarket(world, state, order, price);
  if (order.reduceOnly) trimReduceOnly(world, state);
  answer(world, state, request, 0);
}

function place(world: World, state: State, request: Request & { type: 'place' }, price: Fraction | undefined): void {
  const code = refusal(world, state, request, price);
  if (code !== 0) {
    answer(world, state, request, code);
    feature(state, `refused ${code}`);
    return;
  }
  state.rank += 1;
  const { id, key, side, kind, qty, reduceOnly, postOnly } = request;
  const order: VenueOrder = {
    id, key, side, kind, price: request.price, qty, filled: 0, reduceOnly, postOnly,
    rank: state.rank, waiting: price === undefined, fresh: false,
  };
  state.orders.push(order);
  if (price !== undefined) meetMarket(world, state, order, price);
  if (reduceOnly) trimReduceOnly(world, state);
  answer(world, state, request, 0);
}

function refusal(world: World, state: State, request: Request & { type: 'place' }, price: Fraction | undefined): number {
  const { spec } = world;
  const steps = (text: string | undefined): number =>
    text === undefined ? Infinity : Math.round(Number(text) / Number(spec.qtyStep));
  const most = Math.min(steps(spec.maxQty), request.kind === 'limit' ? Infinity : steps(spec.maxMarketQty));
  if (request.qty < steps(spec.minQty) || request.qty > most) return 10001;
  if (spec.minNotional !== undefined && !request.reduceOnly) {
    const at = request.kind === 'limit' ? whole(request.price) : price;
    const notional = at === undefined ? undefined : world.inverse
      ? mul(whole(request.qty), decimal(spec.qtyStep)) : mul(valueOf(world, request.qty, at), { n: 1n, d: world.moneyUnit });
    if (notional !== undefined && compare(notional, decimal(spec.minNotional)) < 0) return 110094;
  }
  const conditional = state.orders.filter((order) => order.kind === 'stop').length;
  if (request.kind === 'stop' && conditional >= 10) return 110009;
  if (request.kind !== 'stop' && state.orders.length - conditional >= 500) return 110020;
  if (request.reduceOnly && state.ledger.position * request.side >= 0) return 110017;
  if (request.kind === 'stop' && price !== undefined && isReached(price, request.price, request.side)) {
    return request.side > 0 ? 110092 : 110093;
  }
  const at = request.kind === 'limit' ? whole(request.price) : lastPriceAt(world, state.now);
  if (!request.reduceOnly && request.kind !== 'stop' && at !== undefined
    && costTooHigh(world, state, request.side, request.qty, at, undefined)) return 110007;
  return 0;
}

export { levelOf, volumeLeft };
