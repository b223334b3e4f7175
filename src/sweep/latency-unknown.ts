import {
  ORDER_AMENDING,
  ORDER_CANCELLING,
  ORDER_DRAINING,
  ORDER_ENDING,
  ORDER_SENT,
} from '../engine/codes.ts';
import { quantilesOf } from './latency-quantiles.ts';
import type { OrderLifeSummary, Quantiles } from './latency-results.ts';
import type { OrderHistory, OrderLife } from './outputs/order-lives.ts';
import type { FillColumns } from './run-record.ts';

/** States in which the engine waits for word, in the order of an order's life. */
export const UNKNOWN_STATES = [
  ['SENT', ORDER_SENT],
  ['AMENDING', ORDER_AMENDING],
  ['CANCELLING', ORDER_CANCELLING],
  ['ENDING', ORDER_ENDING],
  ['DRAINING', ORDER_DRAINING],
] as const;

type Span = readonly [fromMs: number, untilMs: number];

/** How long orders took from step to step, and how long the engine did not know. */
export function orderLifeSummary(
  history: OrderHistory,
  fills: FillColumns,
  slotCount: number,
  startMs: number,
  endMs: number,
): OrderLifeSummary {
  const { orders, stays } = history;
  const between = (step: string, of: (order: OrderLife) => number): StepQuantiles => ({
    step,
    ...quantilesOf(orders.map(of).filter((ms) => !Number.isNaN(ms))),
  });
  const orderMs = stays.reduce((sum, { fromMs, untilMs }) => sum + untilMs - fromMs, 0);
  const fillSlotMs = unknownFillMs(fills, history, endMs);
  return {
    steps: [
      between('sent -> at the venue', (order) => order.venueMs - order.sentMs),
      between('at the venue -> answer known', (order) => order.answerKnownMs - order.venueMs),
      between('at the venue -> first filled', (order) => order.firstFillMs - order.venueMs),
      { step: 'filled -> execution known', ...quantilesOf(executionDelays(fills, history)) },
      between('ended -> end known', (order) => order.endKnownMs - order.endMs),
    ],
    unknown: {
      fillSlotMs,
      fillShare: fillSlotMs / (slotCount * (endMs - startMs)),
      states: UNKNOWN_STATES.map(([state, code]) => {
        const own = stays.filter((stay) => stay.state === code);
        const quantiles = quantilesOf(own.map(({ fromMs, untilMs }) => untilMs - fromMs));
        return { state, share: orderMs === 0 ? 0 : quantiles.totalMs / orderMs, ...quantiles };
      }),
    },
  };
}

type StepQuantiles = { readonly step: string } & Quantiles;

function executionDelays(fills: FillColumns, { knownMs }: OrderHistory): number[] {
  const delays = Array.from(
    { length: fills.count },
    (_, at) => (knownMs[at] ?? NaN) - (fills.timeMs[at] ?? NaN),
  );
  return delays.filter((ms) => !Number.isNaN(ms));
}

/** By slot, what overlaps counted once; what was never heard of lasts to the end of the run. */
function unknownFillMs(fills: FillColumns, { knownMs }: OrderHistory, endMs: number): number {
  const bySlot = new Map<number, Span[]>();
  for (let at = 0; at < fills.count; at += 1) {
    const slot = fills.slot[at] ?? -1;
    // The engine is told of a liquidation at once.
    if (slot < 0) continue;
    const known = knownMs[at] ?? NaN;
    const span: Span = [fills.timeMs[at] ?? endMs, Number.isNaN(known) ? endMs : known];
    const spans = bySlot.get(slot);
    if (spans === undefined) bySlot.set(slot, [span]);
    else spans.push(span);
  }
  return [...bySlot.values()].reduce((sum, spans) => sum + unionMs(spans), 0);
}

/** Ms that at least one of the spans covers. */
export function unionMs(spans: readonly Span[]): number {
  let [covered, reachedMs] = [0, -Infinity];
  for (const [fromMs, untilMs] of [...spans].sort((a, b) => a[0] - b[0])) {
    covered += Math.max(0, untilMs - Math.max(fromMs, reachedMs));
    reachedMs = Math.max(reachedMs, untilMs);
  }
  return covered;
}

/** By order id: ms in which the engine waited for word of it, or did not know of a fill. */
export function unknownMsByOrder(
  { stays, knownMs }: OrderHistory,
  fills: FillColumns,
  endMs: number,
): Map<number, number> {
  const waits = new Set<number>(UNKNOWN_STATES.map(([, code]) => code));
  const byOrder = new Map<number, Span[]>();
  const add = (orderId: number, span: Span): void => {
    const spans = byOrder.get(orderId);
    if (spans === undefined) byOrder.set(orderId, [span]);
    else spans.push(span);
  };
  for (const { orderId, state, fromMs, untilMs } of stays) {
    if (waits.has(state)) add(orderId, [fromMs, untilMs]);
  }
  for (let at = 0; at < fills.count; at += 1) {
    const known = knownMs[at] ?? NaN;
    add(fills.orderId[at] ?? NaN, [fills.timeMs[at] ?? NaN, Number.isNaN(known) ? endMs : known]);
  }
  return new Map([...byOrder].map(([orderId, spans]) => [orderId, unionMs(spans)]));
}
