/** `refuse`: trading does not start. `warn`: it does, and a person ought to know. */
export type CheckVerdict = 'ok' | 'warn' | 'refuse';

/** One thing that was looked at before trading starts. */
export type CheckLine = {
  readonly check: string;
  readonly found: string;
  readonly wanted: string;
  readonly verdict: CheckVerdict;
};

export function line(
  check: string,
  found: string,
  wanted: string,
  verdict: CheckVerdict,
): CheckLine {
  return { check, found, wanted, verdict };
}

export function mayStart(lines: readonly CheckLine[]): boolean {
  return lines.every(({ verdict }) => verdict !== 'refuse');
}

export function checkText({ check, found, wanted, verdict }: CheckLine): string {
  const word = verdict === 'ok' ? 'ok' : verdict === 'warn' ? 'warning' : 'refused';
  return `${check}: ${found} (wanted: ${wanted}) ${word}`;
}
