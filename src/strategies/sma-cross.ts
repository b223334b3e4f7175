import { KIND_MARKET, ROLE_ENTRY, ROLE_EXIT, ROLES_PER_SLOT } from '../engine/codes.ts';
import { InputError } from '../engine/invariant.ts';
import { REASON } from '../engine/reasons.ts';
import type { Strategy } from '../engine/strategy.ts';
import type { View } from '../engine/view.ts';
import type { Plan } from '../engine/plan.ts';
import { intervalMsOf } from './intervals.ts';

const FAST = 0;
const SLOW = 1;
const LONG_SLOT = 0;
const SHORT_SLOT = 1;

export type SmaCross = {
  readonly trades: { readonly long: boolean; readonly short: boolean };
  /** Fixed quantity in steps; 0 = a fraction of equity. */
  readonly qtySteps: number;
  readonly equityFraction: number;
  /** Money value of one step at a price of one tick. */
  readonly valueAtOneTick: number;
  readonly inverse: boolean;
};

/**
 * Long when the fast average crosses above the slow one, short when it crosses below; market
 * orders, sent when the close is known. Exact rules: docs/strategies.md, "sma-cross".
 */
export const smaCross: Strategy<SmaCross> = {
  name: 'sma-cross',
  summary: 'market orders when a fast moving average crosses a slow one',
  parameters: [
    {
      name: 'fast',
      type: 'integer',
      default: 20,
      min: 1,
      max: 10_000,
      doc: 'candles of the fast average',
    },
    {
      name: 'slow',
      type: 'integer',
      default: 50,
      min: 2,
      max: 10_000,
      doc: 'candles of the slow average',
    },
    {
      name: 'interval',
      type: 'choice',
      default: '1h',
      choices: ['1m', '3m', '5m', '15m', '30m', '1h', '2h', '4h', '6h', '12h', '1d'],
      doc: 'interval of the candles averaged',
    },
    {
      name: 'direction',
      type: 'choice',
      default: 'both',
      choices: ['long', 'short', 'both'],
      doc: 'which side enters',
    },
    {
      name: 'sizing',
      type: 'choice',
      default: 'fixed',
      choices: ['fixed', 'equity'],
      doc: 'fixed: qty; equity: a fraction of equity (needs --capital)',
    },
    {
      name: 'qty',
      type: 'number',
      default: 1,
      min: 0,
      exclusiveMin: true,
      doc: "quantity with fixed sizing, in the instrument's unit",
    },
    {
      name: 'equityFraction',
      type: 'number',
      default: 1,
      min: 0,
      exclusiveMin: true,
      max: 100,
      doc: 'notional / equity with equity sizing',
    },
  ],
  setup(params, instrument) {
    const fast = Number(params.fast);
    const slow = Number(params.slow);
    if (fast >= slow) throw new InputError(`sma-cross: fast ${fast} is not below slow ${slow}`);
    const intervalMs = intervalMsOf(String(params.interval));
    const fixed = params.sizing === 'fixed';
    return {
      compiled: {
        trades: { long: params.direction !== 'short', short: params.direction !== 'long' },
        qtySteps: fixed ? instrument.parseQty(String(params.qty)) : 0,
        equityFraction: Number(params.equityFraction),
        valueAtOneTick: instrument.valuePerStep(1),
        inverse: instrument.inverse,
      },
      slotCount: 2,
      indicators: [
        { kind: 'sma', period: fast, intervalMs },
        { kind: 'sma', period: slow, intervalMs },
      ],
      watchesPrice: false,
      needsCapital: !fixed,
    };
  },
  plan(view, cross, plan) {
    plan.wakeOnClose = true;
    if (!view.ready) {
      plan.why(LONG_SLOT, REASON['warming-up'], NaN);
      plan.why(SHORT_SLOT, REASON['warming-up'], NaN);
      return;
    }
    const gap = difference(view.indicators);
    const before = difference(view.previousIndicators);
    planSide(view, cross, plan, LONG_SLOT, 1, gap, before, cross.trades.long);
    planSide(view, cross, plan, SHORT_SLOT, -1, gap, before, cross.trades.short);
  },
};

function difference(indicators: Float64Array): number {
  return (indicators[FAST] ?? NaN) - (indicators[SLOW] ?? NaN);
}

function planSide(
  view: View,
  cross: SmaCross,
  plan: Plan,
  slot: number,
  side: number,
  gap: number,
  before: number,
  trades: boolean,
): void {
  const key = slot * ROLES_PER_SLOT;
  const open = view.slotQty[slot] ?? 0;
  if (open > 0 && side * gap < 0) {
    plan.why(slot, REASON['exit-pending'], NaN);
    plan.order(key + ROLE_EXIT, KIND_MARKET, -side, 0, open, true);
    return;
  }
  if (open > 0) {
    plan.why(slot, REASON.holding, NaN);
    return;
  }
  if (!trades || !(side * before <= 0 && side * gap > 0)) {
    plan.why(slot, REASON['no-cross'], NaN);
    return;
  }
  // Two lots of opposite sides would net out at the exchange, and neither could be closed.
  if ((view.slotQty[slot === LONG_SLOT ? SHORT_SLOT : LONG_SLOT] ?? 0) > 0) {
    plan.why(slot, REASON['another-slot-first'], NaN);
    return;
  }
  const steps = cross.qtySteps > 0 ? cross.qtySteps : equitySteps(view, cross);
  if (steps <= 0) {
    plan.why(slot, REASON['no-equity'], NaN);
    return;
  }
  plan.why(slot, REASON['entry-pending'], NaN);
  plan.order(key + ROLE_ENTRY, KIND_MARKET, side, 0, steps, false);
}

/** Whole steps whose value at the last close is the wanted fraction of equity. */
function equitySteps(view: View, cross: SmaCross): number {
  const perStep = cross.inverse
    ? cross.valueAtOneTick / view.closeTicks
    : cross.valueAtOneTick * view.closeTicks;
  return Math.floor((cross.equityFraction * view.equityMoney) / perStep);
}
