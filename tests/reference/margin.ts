import { add, compare, decimal, div, mul, sub, whole } from './fraction.ts';
import type { Fraction } from './fraction.ts';
import { valueOf } from './money.ts';
import type { State, World } from './world.ts';

/** Initial margin, open fee, and close fee at bankruptcy of an opening quantity. */
function cost(world: World, side: number, qty: number, price: number): Fraction {
  const value = valueOf(world, qty, whole(price));
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

export function costTooHigh(
  world: World, state: State, side: number, qty: number, price: number, reduceOnly: boolean,
): boolean {
  if (world.capital === undefined || reduceOnly) return false;
  const opens = opening(state, side, qty);
  if (opens === 0) return false;
  const { ledger } = state;
  let total = cost(world, side, opens, price);
  for (const order of state.orders) {
    if (order.reduceOnly || order.kind !== 'limit') continue;
    total = add(total, cost(world, order.side, opening(state, order.side, order.qty - order.filled), order.price));
  }
  total = add(total, div(whole(ledger.entry), decimal(world.leverage)));
  const balance = sub(whole(world.capital + ledger.realised), whole(ledger.fees + ledger.funding));
  return compare(total, balance) > 0;
}
