import type { RunHeader } from '../sweep/results.ts';

/** The command that runs one point of a sweep again, but for the point's own parameters. */
export function rerunOf(run: RunHeader): { readonly command: string; readonly paramFlag: string } {
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
  ];
  const words = options.flatMap(([name, value]) => (value === null ? [] : [`--${name}`, shellWord(value)]));
  return { command: ['lockstep', 'backtest', ...words].join(' '), paramFlag: '--param' };
}

/** A word that a shell takes as it is, whatever is in it. */
export function shellWord(text: string): string {
  return /^[\w=.,:/+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
