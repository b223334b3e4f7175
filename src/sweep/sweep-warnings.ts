import { warningsOf } from './backtest-warnings.ts';
import { MIN_TRADES } from './metrics/gates.ts';
import type { PreparedRun } from './prepare.ts';
import type { RunAnalysis } from './metrics/analyse-run.ts';
import type { Ranking } from './sweep-rank.ts';
import type { FinalistRun } from './finalists.ts';
import type { RunHeader, Warning } from './results.ts';
import type { RunRecord } from './run-record.ts';

export type SweepWarned = {
  readonly prepared: PreparedRun;
  readonly header: RunHeader;
  readonly ranking: Ranking;
  readonly pointCount: number;
  readonly finalists: readonly FinalistRun[];
  /** The best point, or the first where none can be ranked. */
  readonly best: { readonly record: RunRecord; readonly analysis: RunAnalysis };
};

/** What a reader must know before believing the table; then what holds of its best point. */
export function sweepWarnings(warned: SweepWarned): Warning[] {
  const { prepared, header, best } = warned;
  const own = warningsOf({
    prepared, header, record: best.record, values: best.analysis.values,
  }).map(({ code, text }) => ({ code, text: OF_BEST.has(code) ? `Best point: ${text}` : text }));
  return [...sweepOnly(warned), ...own, ...gaps(header)];
}

const OF_BEST = new Set(['liquidated', 'few-trades', 'open-loss', 'gap-held', 'capital-derived']);

function sweepOnly({ ranking, pointCount, finalists }: SweepWarned): Warning[] {
  const { rankable, plateau, order } = ranking;
  const warnings: Warning[] = [];
  if (rankable === 0) {
    warnings.push({
      code: 'none-rankable',
      text: `No point has ${MIN_TRADES} trades and a drawdown, so none can be ranked: they stand ` +
        'by number of trades. A longer period or closer levels give more trades.',
    });
  } else if (rankable < pointCount) {
    warnings.push({
      code: 'few-trades-points',
      text: `${pointCount - rankable} of ${pointCount} points have fewer than ${MIN_TRADES} ` +
        'trades, or no drawdown, and are not ranked.',
    });
  }
  const best = order[0] ?? -1;
  if (rankable > 0 && plateau.atEdge[best] === 1) {
    warnings.push({
      code: 'edge',
      text: 'The best point lies at the edge of what was tried: better ones may lie beyond it.',
    });
  }
  const lost = finalists.filter(({ finalist: { outcomes } }) =>
    (outcomes[0]?.netProfit ?? 0) > 0 && outcomes.some(({ netProfit }) => netProfit <= 0));
  if (lost.length > 0) {
    warnings.push({
      code: 'path-dependent',
      text: `${lost.length} of ${finalists.length} finalists earn under the sweep's own path and ` +
        'lose under another: what they earn may be an artefact of the path inside candles.',
    });
  }
  warnings.push({
    code: 'single-path',
    text: 'All points ran under one path model and one execution profile; only finalists ran ' +
      'under others.',
  });
  return warnings;
}

function gaps({ gaps: all }: RunHeader): Warning[] {
  if (all.length === 0) return [];
  const missing = all.reduce((sum, gap) => sum + gap.missingCandles, 0);
  return [{
    code: 'gaps',
    text: `The data has ${all.length} ${all.length === 1 ? 'gap' : 'gaps'} (${missing} candles): ` +
      'nothing fills in them.',
  }];
}
