import type { RunHeader } from '../sweep/results.ts';

export type Rerun = { readonly command: string; readonly paramFlag: string };

const PARAM_FLAG = '--set';

/**
 * The command that runs one point of a sweep again, but for the parameters that every point has
 * of its own (`swept`), which the page appends.
 */
export function rerunOf(run: RunHeader, swept: readonly string[]): Rerun {
  const options: [string, string | null][] = [
    ['symbol', run.symbol],
    ['interval', run.interval],
    ['from', run.from],
    ['to', run.to],
    ['strategy', run.strategy],
    ['path', run.path],
    ['execution', run.execution],
    ['leverage', String(run.leverage)],
    ['capital', run.capital === null ? null : String(run.capital)],
    ['seed', String(run.seed)],
    ...Object.entries(run.risk),
  ];
  const words = options.flatMap(([name, value]) => {
    return value === null ? [] : [`--${name}`, shellWord(value)];
  });
  const fixed = Object.entries(run.params).flatMap(([name, value]) => {
    return swept.includes(name) ? [] : [PARAM_FLAG, shellWord(`${name}=${String(value)}`)];
  });
  return {
    command: ['lockstep', 'backtest', ...words, ...fixed].join(' '),
    paramFlag: PARAM_FLAG,
  };
}

/** A word that a shell takes as it is, whatever is in it. */
export function shellWord(text: string): string {
  return /^[\w=.,:/+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
