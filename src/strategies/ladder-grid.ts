import { KIND_LIMIT, ROLE_ENTRY, ROLE_EXIT, ROLES_PER_SLOT } from '../engine/codes.ts';
import type { Instrument } from '../engine/instrument.ts';
import { InputError } from '../engine/invariant.ts';
import { parseDecimal } from '../engine/rational.ts';
import type { ParameterValues } from '../engine/parameters.ts';
import type { Plan } from '../engine/plan.ts';
import { REASON } from '../engine/reasons.ts';
import type { Strategy } from '../engine/strategy.ts';
import type { View } from '../engine/view.ts';

/** Prices in ticks; slot k is the cell between lines k and k + 1. */
export type LadderGrid = {
  readonly lines: Float64Array;
  /** +1 long, -1 short, 0 both as net inventory. */
  readonly direction: number;
  readonly qtySteps: number;
};

/**
 * The classic static ladder: each cell buys at its lower line and sells at its upper one, again
 * and again (short: the reverse). Exact rules: docs/strategies.md, "ladder-grid".
 */
export const ladderGrid: Strategy<LadderGrid> = {
  name: 'ladder-grid',
  summary:
    'a static ladder of price lines, arithmetic or geometric; every cell trades its own two lines',
  parameters: [
    {
      name: 'lower',
      type: 'number',
      default: 50_000,
      min: 0,
      exclusiveMin: true,
      doc: 'price of the lowest line',
    },
    {
      name: 'upper',
      type: 'number',
      default: 70_000,
      min: 0,
      exclusiveMin: true,
      doc: 'price of the highest line',
    },
    {
      name: 'cells',
      type: 'integer',
      default: 20,
      min: 1,
      max: 200,
      doc: 'cells between the lines',
    },
    {
      name: 'spacing',
      type: 'choice',
      default: 'arithmetic',
      choices: ['arithmetic', 'geometric'],
      doc: 'equal differences or equal ratios between lines',
    },
    {
      name: 'direction',
      type: 'choice',
      default: 'long',
      choices: ['long', 'short', 'both'],
      doc: 'both: long cells below the first known price, short cells above it, as one net position',
    },
    {
      name: 'qty',
      type: 'number',
      default: 1,
      min: 0,
      exclusiveMin: true,
      doc: "quantity per cell, in the instrument's unit",
    },
  ],
  setup(params, instrument) {
    const compiled = compileLadder(params, instrument);
    return {
      compiled,
      slotCount: compiled.lines.length - 1,
      indicators: [],
      watchesPrice: true,
      needsCapital: false,
    };
  },
  plan(view, ladder, plan) {
    if (Number.isNaN(view.priceTicks)) {
      // No price yet: ask at the first one.
      plan.watchAbove(1);
      for (let slot = 0; slot < view.slotCount; slot += 1)
        plan.why(slot, REASON['warming-up'], NaN);
      return;
    }
    for (let slot = 0; slot < view.slotCount; slot += 1) planCell(view, ladder, plan, slot);
  },
};

function compileLadder(params: ParameterValues, instrument: Instrument): LadderGrid {
  const lower = Number(params.lower);
  const upper = Number(params.upper);
  const cells = Number(params.cells);
  if (upper <= lower)
    throw new InputError(`ladder-grid: upper ${upper} is not above lower ${lower}`);
  const lines = new Float64Array(cells + 1);
  for (let k = 0; k <= cells; k += 1) {
    lines[k] =
      params.spacing === 'geometric'
        ? Math.round((lower * (upper / lower) ** (k / cells)) / instrument.tickSize)
        : arithmeticLine(String(lower), String(upper), k, cells, instrument.spec.tickSize);
    if (k > 0 && (lines[k] ?? 0) <= (lines[k - 1] ?? 0)) {
      throw new InputError(
        `ladder-grid: ${cells} cells from ${lower} to ${upper} are closer than the tick ${instrument.spec.tickSize}`,
      );
    }
  }
  if ((lines[0] ?? 0) < 1) throw new InputError(`ladder-grid: lower ${lower} is below one tick`);
  const direction = params.direction === 'long' ? 1 : params.direction === 'short' ? -1 : 0;
  return { lines, direction, qtySteps: instrument.parseQty(String(params.qty)) };
}

/** `lower + k (upper - lower) / cells` in ticks, rounded half up from the exact fraction. */
function arithmeticLine(
  lower: string,
  upper: string,
  k: number,
  cells: number,
  tick: string,
): number {
  const low = parseDecimal(lower);
  const high = parseDecimal(upper);
  const step = parseDecimal(tick);
  const weighted = low.num * high.den * BigInt(cells - k) + high.num * low.den * BigInt(k);
  const num = weighted * step.den;
  const den = low.den * high.den * BigInt(cells) * step.num;
  return Number((2n * num + den) / (2n * den));
}

function planCell(view: View, ladder: LadderGrid, plan: Plan, slot: number): void {
  const lowerLine = ladder.lines[slot] ?? NaN;
  const upperLine = ladder.lines[slot + 1] ?? NaN;
  const side = cellSide(view, ladder, lowerLine, upperLine);
  if (side === 0) {
    plan.why(slot, REASON['not-armed'], NaN);
    return;
  }
  const enterAt = side > 0 ? lowerLine : upperLine;
  const leaveAt = side > 0 ? upperLine : lowerLine;
  const key = slot * ROLES_PER_SLOT;
  const open = view.slotQty[slot] ?? 0;
  if (open > 0) {
    plan.why(slot, REASON['exit-resting'], leaveAt);
    // A net ladder may cross zero between two cells, so its exits are plain orders.
    plan.order(key + ROLE_EXIT, KIND_LIMIT, -side, leaveAt, open, ladder.direction !== 0);
    if (view.orderAlive[key + ROLE_ENTRY] === 1) plan.keep(key + ROLE_ENTRY);
    return;
  }
  if (view.orderAlive[key + ROLE_ENTRY] === 1) {
    if ((view.orderFilled[key + ROLE_ENTRY] ?? 0) > 0) {
      plan.why(slot, REASON['remainder-closing'], NaN);
      return;
    }
    plan.why(slot, REASON['entry-resting'], enterAt);
    plan.keep(key + ROLE_ENTRY);
    return;
  }
  const armAt = enterAt + side;
  if (side * (view.priceTicks - armAt) >= 0) {
    plan.why(slot, REASON['entry-resting'], enterAt);
    plan.order(key + ROLE_ENTRY, KIND_LIMIT, side, enterAt, ladder.qtySteps, false);
    return;
  }
  plan.why(slot, REASON['not-armed'], enterAt);
  if (side > 0) plan.watchAbove(armAt);
  else plan.watchBelow(armAt);
}

/** In a net ladder the first known price divides long cells from short ones; its own cell is idle. */
function cellSide(view: View, ladder: LadderGrid, lowerLine: number, upperLine: number): number {
  if (ladder.direction !== 0) return ladder.direction;
  if (upperLine <= view.firstPriceTicks) return 1;
  return lowerLine >= view.firstPriceTicks ? -1 : 0;
}
