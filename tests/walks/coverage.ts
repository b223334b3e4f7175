import {
  AUDIT_AMENDED,
  AUDIT_ENDED,
  AUDIT_FILL_KNOWN,
  AUDIT_REFUSED,
  AUDIT_SENT,
} from '../../src/brokers/simulated/audit-log.ts';
import {
  END_POST_ONLY,
  KIND_STOP_MARKET,
  RET_INSUFFICIENT_MARGIN,
  RET_TRIGGER_NOT_ABOVE,
  RET_TRIGGER_NOT_BELOW,
  ROLE_CLOSE,
  ROLE_STOP,
} from '../../src/engine/codes.ts';
import { CANDLE_PATH_MODELS } from '../../src/market/path.ts';
import { LEGS } from '../../src/venue/latency.ts';
import type { WalkCase } from './cases.ts';
import type { Comparison } from './compare.ts';
import type { Outcome, Walked } from './outcome.ts';

/** The least share of all cases that must show each feature. */
export const LEAST: Readonly<Record<string, number>> = {
  '20 fills or more': 0.5,
  gaps: 0.05,
  'gap over an indicator close': 0.05,
  'starts inside an indicator candle': 0.05,
  'ends inside an indicator candle': 0.05,
  'warm-up before the start': 0.05,
  'path direction': 0.05,
  'path high-first': 0.05,
  'path low-first': 0.05,
  'path adverse': 0.05,
  'no latency': 0.05,
  'constant latency': 0.05,
  'drawn latency': 0.05,
  'latency of a minute or more': 0.05,
  'latency longer than an indicator candle': 0.05,
  'volatile candles': 0.05,
  'entries rest': 0.05,
  'entries on signal': 0.05,
  'exits rest': 0.05,
  'exits on signal': 0.05,
  'partial fills': 0.05,
  'participation limits volume': 0.05,
  'funding paid': 0.05,
  'funding history': 0.05,
  liquidation: 0.05,
  'mark series': 0.05,
  'linear contract': 0.05,
  'inverse contract': 0.05,
  'two levels or more held': 0.05,
  'both sides traded': 0.05,
  'stop filled': 0.05,
  'max hold reached': 0.05,
  'post-only cancelled': 0.05,
  'refused for margin': 0.05,
  'stop refused as passed': 0.05,
  'risk limits': 0.05,
  'two indicators': 0.05,
  'a trailing anchor': 0.05,
  '20 amends between two fills': 0.1,
  'no fill for 300 candles': 0.2,
  'object used before': 0.05,
  'skip passed over amends': 0.15,
};

const MINUTE = 60_000;

/** What a case has shown, by what it drew and by what its run then did. */
export function featuresOf(test: WalkCase, { reference, amendsPassed }: Comparison): Set<string> {
  const shown = new Set<string>();
  const note = (name: string, is: boolean): void => {
    if (is) shown.add(name);
  };
  noteWorld(test, note);
  noteStrategy(test, note);
  noteRun(test, reference, note);
  note('skip passed over amends', amendsPassed > 0);
  return shown;
}

type Note = (name: string, is: boolean) => void;

function noteWorld({ world, series, before, drawn }: WalkCase, note: Note): void {
  const { tape, execution, startMs, endMs, instrument } = world;
  const first = tape.openTimeMs[0] ?? 0;
  const indicatorMs = series.intervalMs;
  let gaps = 0;
  let overClose = false;
  for (let row = 1; row < tape.count; row += 1) {
    const [from, to] = [tape.openTimeMs[row - 1] ?? 0, tape.openTimeMs[row] ?? 0];
    if (to - from === tape.intervalMs) continue;
    gaps += 1;
    const closeMs = Math.floor(to / indicatorMs) * indicatorMs;
    if (closeMs >= from + tape.intervalMs) overClose = true;
  }
  note('gaps', gaps > 0);
  note('gap over an indicator close', overClose);
  note('starts inside an indicator candle', indicatorMs > 0 && first % indicatorMs !== 0);
  note('ends inside an indicator candle', indicatorMs > 0 && endMs % indicatorMs !== 0);
  note('warm-up before the start', startMs > first);
  note(`path ${CANDLE_PATH_MODELS[world.path] ?? ''}`, true);
  const legs = LEGS.map((leg) => execution.legs[leg]);
  const longest = Math.max(...LEGS.map((_, leg) => world.latency.longestMs(leg)));
  note('no latency', longest === 0);
  note('constant latency', longest > 0 && legs.every((leg) => leg.type === 'constant'));
  note(
    'drawn latency',
    legs.some((leg) => leg.type !== 'constant'),
  );
  note('latency of a minute or more', longest >= MINUTE);
  note('latency longer than an indicator candle', indicatorMs > 0 && longest > indicatorMs);
  note('volatile candles', longest > 0 && world.volatile.includes(1));
  note('funding history', drawn.history === true);
  note('mark series', world.mark !== undefined);
  note(instrument.inverse ? 'inverse contract' : 'linear contract', true);
  note('risk limits', world.risk.maxPositionSteps < Infinity);
  note('object used before', before !== undefined);
}

function noteStrategy({ choice }: WalkCase, note: Note): void {
  const { strategy, setup, params } = choice;
  note('two indicators', setup.indicators.length > 1);
  note('a trailing anchor', /trailing|highest|lowest/.test(JSON.stringify(params)));
  if (strategy.name !== 'atr-grid') return;
  const grid = params as { entryStyle?: string; exitStyle?: string };
  note('entries rest', grid.entryStyle === 'resting');
  note('entries on signal', grid.entryStyle === 'on-signal');
  note('exits rest', grid.exitStyle === 'resting');
  note('exits on signal', grid.exitStyle === 'on-signal');
}

function noteRun({ world }: WalkCase, { simulation, outcome }: Walked, note: Note): void {
  const { fills, venue } = simulation;
  const column = (values: ArrayLike<number>): number[] => Array.from(values).slice(0, fills.count);
  const roles = column(fills.role);
  const sides = column(fills.side);
  note('20 fills or more', fills.count >= 20);
  note('partial fills', new Set(column(fills.orderId)).size < fills.count);
  note(
    'participation limits volume',
    world.execution.participation !== undefined && fills.count > 0,
  );
  note('funding paid', venue.ledger.funding !== 0);
  note('liquidation', venue.account.liquidated);
  note('two levels or more held', new Set(column(fills.slot)).size > 1);
  const entries = sides.filter((_, i) => roles[i] === 0);
  note('both sides traded', entries.includes(1) && entries.includes(-1));
  note('stop filled', roles.includes(ROLE_STOP));
  note('max hold reached', roles.includes(ROLE_CLOSE));
  noteAudit(outcome, note);
  const untilMs = outcome.error === undefined ? Infinity : simulation.state.nowMs;
  const quiet = longestQuiet([...column(fills.timeMs), untilMs], world.tape);
  note('no fill for 300 candles', quiet >= 300);
}

function noteAudit({ tables }: Outcome, note: Note): void {
  const audit = tables.find((table) => table.name === 'audit')?.rows ?? [];
  let amends = 0;
  let most = 0;
  const kinds = new Map<number, number>();
  for (const [type, , orderId, a] of audit) {
    if (type === AUDIT_AMENDED) most = Math.max(most, (amends += 1));
    else if (type === AUDIT_FILL_KNOWN) amends = 0;
    else if (type === AUDIT_SENT) kinds.set(orderId ?? NaN, a ?? NaN);
    else if (type === AUDIT_REFUSED) {
      note('refused for margin', a === RET_INSUFFICIENT_MARGIN);
      const passed = a === RET_TRIGGER_NOT_ABOVE || a === RET_TRIGGER_NOT_BELOW;
      note('stop refused as passed', passed && kinds.get(orderId ?? NaN) === KIND_STOP_MARKET);
    } else if (type === AUDIT_ENDED) note('post-only cancelled', a === END_POST_ONLY);
  }
  note('20 amends between two fills', most >= 20);
}

/** Candles in the longest time between two of these. */
function longestQuiet(times: readonly number[], tape: WalkCase['world']['tape']): number {
  let longest = 0;
  let row = 0;
  for (const timeMs of times) {
    const from = row;
    while (row < tape.count && (tape.openTimeMs[row] ?? 0) <= timeMs) row += 1;
    longest = Math.max(longest, row - from);
  }
  return longest;
}

/** Counts of features over many cases. */
export class Coverage {
  cases = 0;
  readonly counts = new Map<string, number>();

  add(features: Iterable<string>): void {
    this.cases += 1;
    for (const name of features) this.counts.set(name, (this.counts.get(name) ?? 0) + 1);
  }

  share(name: string): number {
    return (this.counts.get(name) ?? 0) / Math.max(1, this.cases);
  }

  /** Features shown in too few cases. */
  lacking(): string[] {
    return Object.entries(LEAST)
      .filter(([name, least]) => this.share(name) < least)
      .map(([name, least]) => `${name}: ${percent(this.share(name))}, at least ${percent(least)}`);
  }

  table(): string {
    const lines = Object.entries(LEAST).map(([name, least]) => {
      const share = this.share(name);
      const verdict = share >= least ? 'ok' : 'TOO FEW';
      return `  ${name.padEnd(42)} ${percent(share).padStart(7)}  of ${percent(least)}  ${verdict}`;
    });
    return lines.join('\n');
  }
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
