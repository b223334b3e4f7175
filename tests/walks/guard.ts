import type { AnyStrategy } from '../../src/engine/strategy.ts';

/** A run is stopped after this many questions: some settings trade thousands of times a candle. */
const MOST_ASKS = 2_500;

export type Guard = { readonly strategy: AnyStrategy; reset(): void };

/**
 * A strategy that refuses to go on for ever. All walks ask the same questions, so all of them stop
 * at the same one, and what happened until then is compared.
 */
export function guarded(strategy: AnyStrategy): Guard {
  let asks = 0;
  return {
    strategy: {
      ...strategy,
      plan(view, compiled, plan) {
        asks += 1;
        if (asks > MOST_ASKS) throw new Error(`asked ${MOST_ASKS} times by ${view.nowMs} ms`);
        strategy.plan(view, compiled, plan);
      },
    },
    reset() {
      asks = 0;
    },
  };
}
