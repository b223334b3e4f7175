import { add, ceil, decimal, div, float, floor, fraction, mul, rounded, sub, toNumber, whole } from './fraction.ts';
import type { Fraction } from './fraction.ts';
import type { Ledger, State, World } from './world.ts';

/** Exact value of q steps at a price in ticks, in money units. */
export function valueOf(world: World, qty: number | bigint, price: Fraction): Fraction {
  const { spec } = world;
  const size = mul(whole(qty), decimal(spec.qtyStep));
  const quote = mul(price, decimal(spec.tickSize));
  return mul(world.inverse ? div(size, quote) : mul(size, quote), whole(world.moneyUnit));
}

export function feeOf(world: World, qty: number, price: number, maker: boolean): bigint {
  const rate = decimal(maker ? world.spec.makerFeeRate : world.spec.takerFeeRate);
  return rounded(mul(valueOf(world, qty, whole(price)), rate));
}

export function emptyLedger(): Ledger {
  return { position: 0, entry: 0n, realised: 0n, fees: 0n, funding: 0n };
}

export function bookFill(world: World, ledger: Ledger, side: number, qty: number, price: number, fee: bigint): void {
  ledger.fees += fee;
  const held = Math.abs(ledger.position);
  const closing = ledger.position * side < 0 ? Math.min(held, qty) : 0;
  if (closing > 0) {
    const entry = rounded(fraction(ledger.entry * BigInt(closing), BigInt(held)));
    const exit = rounded(valueOf(world, closing, whole(price)));
    const gains = (ledger.position > 0) !== world.inverse;
    ledger.realised += gains ? exit - entry : entry - exit;
    ledger.entry -= entry;
  }
  if (qty > closing) ledger.entry += rounded(valueOf(world, qty - closing, whole(price)));
  ledger.position += side * qty;
}

/** Sums over settlements of what one step pays, long and short, in the order of time. */
export function fundingSums(world: World): { fundingLong: number[]; fundingShort: number[] } {
  const fundingLong = [0];
  const fundingShort = [0];
  const size = mul(decimal(world.spec.qtyStep), whole(world.moneyUnit));
  const tick = decimal(world.spec.tickSize);
  for (const [i, { price, rate, fallback }] of world.settlements.entries()) {
    const value = price === undefined ? 0
      : world.inverse ? toNumber(div(size, tick)) / price : toNumber(mul(size, tick)) * price;
    const paid = value * Number(rate);
    fundingLong.push((fundingLong[i] ?? 0) + paid);
    fundingShort.push((fundingShort[i] ?? 0) - (fallback ? 0 : paid));
  }
  return { fundingLong, fundingShort };
}

/** Funding due from settlements up to and including t that are not booked. */
export function fundingDue(world: World, state: State, t: number): Fraction {
  const { position } = state.ledger;
  if (position === 0) return whole(0);
  let settled = state.settled;
  while ((world.settlements[settled]?.t ?? Infinity) <= t) settled += 1;
  const sums = position > 0 ? world.fundingLong : world.fundingShort;
  return float(Math.abs(position) * ((sums[settled] ?? NaN) - (sums[state.settled] ?? NaN)));
}

/** Books what is due; to be called before the position changes at t. */
export function bookFunding(world: World, state: State, t: number): bigint {
  const paid = rounded(fundingDue(world, state, t));
  state.ledger.funding += paid;
  while ((world.settlements[state.settled]?.t ?? Infinity) <= t) state.settled += 1;
  return paid;
}

export function unrealised(world: World, ledger: Ledger, price: Fraction): Fraction {
  if (ledger.position === 0) return whole(0);
  const gain = sub(valueOf(world, Math.abs(ledger.position), price), whole(ledger.entry));
  return (ledger.position > 0) !== world.inverse ? gain : { n: -gain.n, d: gain.d };
}

/** Equity (without capital) at a price, funding due up to t included. */
export function equityAt(world: World, state: State, price: Fraction, t: number): Fraction {
  const { realised, fees, funding } = state.ledger;
  return sub(add(whole(realised - fees - funding), unrealised(world, state.ledger, price)), fundingDue(world, state, t));
}

/** Average entry price in ticks. */
function averageEntry(world: World, ledger: Ledger): Fraction {
  const perTick = valueOf(world, Math.abs(ledger.position), whole(1));
  return world.inverse ? div(perTick, whole(ledger.entry)) : div(whole(ledger.entry), perTick);
}

/** Liquidation and bankruptcy price in ticks; undefined when there is none. */
export function liquidationPrices(world: World, ledger: Ledger): { liquidation: number; bankruptcy: number } | undefined {
  if (ledger.position === 0 || ledger.entry === 0n) return undefined;
  const sign = whole(ledger.position > 0 ? 1 : -1);
  const one = whole(1);
  const inverseLeverage = div(one, decimal(world.leverage));
  const m = decimal(world.spec.maintenanceMarginRate);
  const e = averageEntry(world, ledger);
  const below = sub(one, mul(sign, inverseLeverage));
  const above = add(one, mul(sign, inverseLeverage));
  if (world.inverse && above.n === 0n) return undefined;
  const bankruptcy = world.inverse ? div(e, above) : mul(e, below);
  const liquidation = world.inverse
    ? div(mul(e, add(one, mul(sign, m))), above)
    : div(mul(e, below), sub(one, mul(sign, m)));
  return ledger.position > 0
    ? { liquidation: ceil(liquidation), bankruptcy: floor(bankruptcy) }
    : { liquidation: floor(liquidation), bankruptcy: ceil(bankruptcy) };
}
