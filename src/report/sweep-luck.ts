import { chartBox, section } from './chart.ts';
import { formatNumber } from './format.ts';
import { html } from './html.ts';
import type { Html } from './html.ts';
import type { LuckReport } from '../sweep/results.ts';

/** What the best of so many tries would show without any edge, in plain words. */
export function renderLuck(luck: LuckReport): Html {
  return section(
    'luck',
    'Could this be luck?',
    'Among many points some look good by chance alone. This is how good chance would look.',
    html`<p class="big">${luckWords(luck)}</p>
      <p class="note">How this was reckoned: ${luck.method}</p>`,
    html`<h3>All points</h3>
      <p class="note">
        How many points show which value. The dashed line, where the metric is the Sharpe ratio, is
        what the best would show by luck.
      </p>
      <div class="controls" id="distribution-controls"></div>`,
    chartBox(
      'distribution-chart',
      'Distribution of a metric over all points, with the luck threshold',
    ),
  );
}

export function luckWords(luck: LuckReport): string {
  const { trials, effectiveTrials, expectedBestSharpe, bestSharpe, pointsAbove } = luck;
  const tried =
    `${count(trials, 'point was', 'points were')} tried. Many move together, so they count` +
    ` as about ${count(Math.round(effectiveTrials), 'independent try', 'independent tries')}.`;
  if (expectedBestSharpe === null) return `${tried} What luck would show cannot be said: n/a.`;
  const threshold = formatNumber(expectedBestSharpe, 2);
  const share = trials === 0 ? 0 : (100 * pointsAbove) / trials;
  const above =
    pointsAbove === 0
      ? 'No point lies above that'
      : `${count(pointsAbove, 'point lies', 'points lie')} above that (${formatNumber(share, 1)} %)`;
  const best =
    bestSharpe === null
      ? 'the best Sharpe ratio is n/a'
      : `the best shows ${formatNumber(bestSharpe, 2)}`;
  const verdict =
    bestSharpe !== null && bestSharpe <= expectedBestSharpe
      ? ' Nothing here beats luck: do not trade it on this evidence.'
      : '';
  return (
    `${tried} Without any edge the best of them would still show a Sharpe ratio of about` +
    ` ${threshold}. ${above}; ${best}.${verdict}`
  );
}

function count(value: number, one: string, many: string): string {
  return `${formatNumber(value, 0)} ${value === 1 ? one : many}`;
}
