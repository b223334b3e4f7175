import { isoTime } from '../feeds/csv-time.ts';
import type { Deployment, DeploymentBody } from '../live/deployment/manifest.ts';
import { concessionLines, verdictLines } from '../live/deployment/verdict-text.ts';

/** What is promoted, every gate, and what was passed over. */
export function promotionText(body: DeploymentBody): string {
  const { strategy, candles, simulation, evidence, code, environment } = body;
  const { symbol } = body.instrument as { readonly symbol: string };
  const synthetic = evidence.synthetic ? 'SYNTHETIC DATA: ' : '';
  const parameters = Object.entries(body.parameters).map(([name, value]) => `${name}=${value}`);
  return [
    `${synthetic}${strategy} on ${symbol} ${candles.interval}, ${isoTime(simulation.fromMs)} to ` +
      `${isoTime(simulation.toMs)}, to ${environment}`,
    `  ${parameters.join(' ')}`,
    `  code ${code.version} (${code.commit}), ${code.hash.slice(0, 12)}`,
    ...sweepLines(body),
    '',
    ...verdictLines(body.gates.verdicts).map((line) => `  ${line}`),
    '',
    ...concessionLines(body).map((line) => `  ! ${line}`),
    ...unlimitedLines(body),
    ...(evidence.volumeLimited
      ? []
      : ['  ! nothing limited what could fill: no volume, or no limit']),
    '',
  ].join('\n');
}

/** A sealed manifest in the same words, with what it came after. */
export function deploymentTextOf(deployment: Deployment): string {
  const { deployment: id, environment, promotedAt, sha256 } = deployment;
  const { earlier } = deployment.evidence;
  const after =
    earlier === null
      ? ''
      : `, after ${earlier.environment} ${earlier.deployment} (${earlier.tradingHours.toFixed(1)} h)`;
  return [
    `deployment ${id}: ${environment}, promoted ${promotedAt}${after}`,
    `  sha256 ${sha256}`,
    promotionText(deployment),
  ].join('\n');
}

export function failedGates({ gates }: DeploymentBody): string {
  const failed = gates.verdicts.filter(({ verdict }) => verdict === 'fail');
  return `${failed.map(({ gate }) => gate).join(', ')}`;
}

/** What stops a bot that has gone wrong is worth a line when it is not there. */
function unlimitedLines({ risk }: DeploymentBody): string[] {
  const missing = (['max-position', 'max-daily-loss'] as const).filter((name) => !(name in risk));
  return missing.map((name) => `  ! no --${name}: nothing limits it`);
}

/** The best of many is good by luck, too: how many there were belongs beside the numbers. */
function sweepLines({ evidence }: DeploymentBody): string[] {
  const { sweep } = evidence;
  if (sweep === null) return [];
  const { point, points, rank, sharpe, luckSharpe } = sweep;
  const place = rank === null ? 'not among those listed' : `rank ${rank}`;
  const luck =
    sharpe === null || luckSharpe === null
      ? ''
      : `; its Sharpe ratio is ${sharpe.toFixed(2)}, luck alone would show ${luckSharpe.toFixed(2)}`;
  return [`  point ${point} of ${points}, ${place}${luck}`];
}
