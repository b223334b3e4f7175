import { KIND_MARKET, ROLE_ENTRY } from '../engine/codes.ts';
import { REASON } from '../engine/reasons.ts';
import type { Strategy } from '../engine/strategy.ts';

export type BuyAndHold = { readonly qtySteps: number; readonly side: number };

/** One market order at the start, held to the end: what every other strategy is measured against. */
export const buyAndHold: Strategy<BuyAndHold> = {
  name: 'buy-and-hold',
  summary: 'one market order at the start, held to the end',
  parameters: [
    {
      name: 'qty',
      type: 'number',
      default: 1,
      min: 0,
      exclusiveMin: true,
      doc: "quantity, in the instrument's unit",
    },
    {
      name: 'direction',
      type: 'choice',
      default: 'long',
      choices: ['long', 'short'],
      doc: 'which side is held',
    },
  ],
  setup(params, instrument) {
    return {
      compiled: {
        qtySteps: instrument.parseQty(String(params.qty)),
        side: params.direction === 'short' ? -1 : 1,
      },
      slotCount: 1,
      indicators: [],
      watchesPrice: false,
      needsCapital: false,
    };
  },
  plan(view, hold, plan) {
    const missing = hold.qtySteps - (view.slotQty[0] ?? 0);
    if (missing <= 0) {
      plan.why(0, REASON.holding, NaN);
      return;
    }
    plan.why(0, REASON['entry-pending'], NaN);
    plan.order(ROLE_ENTRY, KIND_MARKET, hold.side, 0, missing, false);
  },
};
