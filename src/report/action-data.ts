import type { LevelChange, ReasonSpan } from './backtest-input.ts';
import { ROLES } from '../sweep/run-record.ts';
import type { FillColumns } from '../sweep/run-record.ts';
import { VarintWriter } from './pack.ts';

/** What the strategy did, packed for the candle chart: `shown` of `total` things. */
export type PackedActions = {
  readonly shown: number;
  readonly total: number;
  readonly bytes: string;
};

const MOST_FILLS = 60_000;
const MOST_LEVELS = 120_000;
const MOST_REASONS = 40_000;

const LEVEL_KINDS = ['entry', 'exit', 'stop'] as const;

/** Per fill: ms since the one before, price steps in ticks, quantity, side, role, maker, slot. */
export function packFills(
  fills: FillColumns,
): PackedActions & { readonly roles: readonly string[] } {
  const writer = new VarintWriter();
  const every = Math.max(1, Math.ceil(fills.count / MOST_FILLS));
  let time = 0;
  let price = 0;
  let shown = 0;
  for (let i = 0; i < fills.count; i += every) {
    const timeMs = Math.round(fills.timeMs[i] ?? 0);
    const ticks = Math.round(fills.priceTicks[i] ?? 0);
    writer.push(timeMs - time);
    writer.push(ticks - price);
    writer.push(Math.round(fills.qtySteps[i] ?? 0));
    writer.push((fills.side[i] ?? 0) > 0 ? 1 : 0);
    writer.push(fills.role[i] ?? 0);
    writer.push(fills.maker[i] ?? 0);
    writer.push(fills.slot[i] ?? 0);
    time = timeMs;
    price = ticks;
    shown++;
  }
  return { shown, total: fills.count, bytes: writer.base64(), roles: ROLES };
}

/**
 * Per change: ms since the one before, line (slot x 3 + kind), 0 or 1 + price in ticks. When there
 * are too many, each line keeps its last change of every period, so that the lines stay right at
 * the periods' ends; `everyMs` says how long the periods are (0 = all changes).
 */
export function packLevels(
  levels: readonly LevelChange[],
  tickSize: number,
): PackedActions & { readonly everyMs: number } {
  const ordered = [...levels].sort((a, b) => a.timeMs - b.timeMs);
  let kept: readonly LevelChange[] = ordered;
  let everyMs = 0;
  while (kept.length > MOST_LEVELS) {
    everyMs = everyMs === 0 ? 300_000 : everyMs * 2;
    kept = lastOfPeriods(ordered, everyMs);
  }
  const writer = new VarintWriter();
  let time = 0;
  for (const change of kept) {
    const timeMs = Math.round(change.timeMs);
    writer.push(timeMs - time);
    writer.push(lineOf(change));
    writer.push(change.price === null ? 0 : 1 + Math.round(change.price / tickSize));
    time = timeMs;
  }
  return { shown: kept.length, total: levels.length, everyMs, bytes: writer.base64() };
}

function lineOf(change: LevelChange): number {
  return change.slot * LEVEL_KINDS.length + LEVEL_KINDS.indexOf(change.kind);
}

function lastOfPeriods(ordered: readonly LevelChange[], everyMs: number): LevelChange[] {
  const last = new Map<number, number>();
  const keep = new Uint8Array(ordered.length);
  for (let i = ordered.length - 1; i >= 0; i--) {
    const change = ordered[i];
    if (change === undefined) continue;
    const line = lineOf(change);
    const period = Math.floor(change.timeMs / everyMs);
    if (last.get(line) === period) continue;
    last.set(line, period);
    keep[i] = 1;
  }
  return ordered.filter((_, index) => keep[index] === 1);
}

/** Per span: start since the one before, length, slot, index into `texts`. The longest are kept. */
export function packReasons(
  reasons: readonly ReasonSpan[],
): PackedActions & { readonly texts: readonly (readonly [code: string, text: string])[] } {
  const kept = longest(reasons).sort((a, b) => a.fromMs - b.fromMs || a.slot - b.slot);
  const texts = new Map<string, [string, string]>();
  const index = new Map<string, number>();
  const writer = new VarintWriter();
  let time = 0;
  for (const { fromMs, untilMs, slot, code, text } of kept) {
    const key = `${code} ${text}`;
    if (!index.has(key)) index.set(key, index.size);
    texts.set(key, [String(code), text]);
    const from = Math.round(fromMs);
    writer.push(from - time);
    writer.push(Math.max(0, Math.round(untilMs) - from));
    writer.push(slot);
    writer.push(index.get(key) ?? 0);
    time = from;
  }
  return {
    shown: kept.length,
    total: reasons.length,
    bytes: writer.base64(),
    texts: [...texts.values()],
  };
}

function longest(reasons: readonly ReasonSpan[]): ReasonSpan[] {
  if (reasons.length <= MOST_REASONS) return [...reasons];
  return [...reasons]
    .sort((a, b) => b.untilMs - b.fromMs - (a.untilMs - a.fromMs))
    .slice(0, MOST_REASONS);
}
