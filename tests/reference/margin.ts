import { add, compare, decimal, div, mul, sub, whole } from './fraction.ts';
import type { Fraction } from './fraction.ts';
import { fundingDue, valueOf } from './money.ts';
import type { State, VenueOrder, World } from './world.ts';

/** Initial margin, open fee, and close fee at bankruptcy of an opening quantity. */
function cost(world: World, side: number, qty: number, price: Fraction): Fraction {
  const value = valueOf(world, qty, price);
  const perLeverage = div(whole(1), decimal(world.leverage));
  const rate = decimal(world.spec.takerFeeRate);
  // Value at bankruptcy: linear e(1 -+ 1/l), inverse q / (e / (1 +- 1/l)).
  const sign = whole(world.inverse ? side : -side);
  const atBankruptcy = mul(value, add(whole(1), mul(sign, perLeverage)));
  return add(mul(value, perLeverage), mul(rate, add(value, atBankruptcy)));
}

/** How much of an order opens, against the position. */
function opening(state: State, side: number, qty: number): number {
  const held = state.ledger.position * side < 0 ? Math.abs(state.ledger.position) : 0;
  return Math.max(0, qty - held);
}

/** Whether the order, with what rests and what is held, needs more than there is. */
export function costTooHigh(
  world: World, state: State, side: number, qty: number, price: Fraction, except: VenueOrder | undefined,
): boolean {
  if (world.capital === undefined) return false;
  const { ledger } = state;
  let total = cost(world, side, opening(state, side, qty), price);
  for (const order of state.orders) {
    if (order === except || order.reduceOnly || order.kind !== 'limit') continue;
    total = add(total, cost(world, order.side, opening(state, order.side, order.qty - order.filled), whole(order.price)));
  }
  total = add(total, div(whole(ledger.entry), decimal(world.leverage)));
  const booked = sub(whole(world.capital + ledger.realised), whole(ledger.fees + ledger.funding));
  return compare(total, sub(booked, fundingDue(world, state, state.now))) > 0;
}
