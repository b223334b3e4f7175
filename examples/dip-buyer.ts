/**
 * A strategy in one file: buys a share below the mean of the last 24 hours, sells at the mean. To
 * use it from the command line, put it into src/strategies and name it in registry.ts.
 */
import { KIND_LIMIT, ROLE_ENTRY, ROLE_EXIT } from '../src/engine/codes.ts';
import { ROUND_CEIL, ROUND_FLOOR } from '../src/engine/plan.ts';
import { REASON } from '../src/engine/reasons.ts';
import type { Strategy } from '../src/engine/strategy.ts';

type DipBuyer = { readonly qtySteps: number; readonly share: number };

/** The first (and only) indicator. */
const MEAN = 0;

export const dipBuyer: Strategy<DipBuyer> = {
  name: 'dip-buyer',
  summary: 'buys a share below the mean, sells at the mean',
  parameters: [
    { name: 'share', type: 'number', default: 0.02, min: 0, doc: 'how far below the mean' },
    { name: 'qty', type: 'number', default: 1, min: 0, exclusiveMin: true, doc: 'quantity' },
  ],
  setup: (params, instrument) => ({
    compiled: { qtySteps: instrument.parseQty(String(params.qty)), share: Number(params.share) },
    slotCount: 1,
    indicators: [{ kind: 'sma', period: 24, intervalMs: 3_600_000 }],
    watchesPrice: false,
    needsCapital: false,
  }),
  plan(view, { qtySteps, share }, plan) {
    if (!view.ready) {
      plan.why(0, REASON['warming-up'], NaN);
      return;
    }
    const open = view.slotQty[0] ?? 0;
    if (open > 0) {
      plan.order(ROLE_EXIT, KIND_LIMIT, -1, 0, open, true);
      // ceil(0 + 1 x mean): the engine amends it at every close without asking again.
      plan.follow(ROLE_EXIT, 0, 1, MEAN, ROUND_CEIL);
      plan.why(0, REASON['exit-resting'], NaN);
      return;
    }
    plan.order(ROLE_ENTRY, KIND_LIMIT, 1, 0, qtySteps, false);
    plan.follow(ROLE_ENTRY, 0, 1 - share, MEAN, ROUND_FLOOR);
    plan.why(0, REASON['entry-resting'], NaN);
  },
};
