/**
 * Why a slot does not act. Every slot has exactly one reason at any time; a reason is an interval
 * opened and closed by events only, so it does not depend on how often anyone asked.
 */
export const REASONS = [
  ['not-started', 'the run has not started'],
  ['warming-up', 'the indicator has not seen enough closed candles'],
  ['entry-resting', 'the entry rests at its level and the price has not traded through it'],
  ['waiting-for-signal', 'nothing rests; the known price has not reached the entry level'],
  ['entry-pending', 'an entry was sent and its outcome is awaited'],
  ['exit-resting', 'in position; the exit rests and the price has not traded through it'],
  ['waiting-for-exit-signal', 'in position; the known price has reached neither exit nor stop'],
  ['exit-pending', 'an exit was sent and its outcome is awaited'],
  ['another-slot-first', 'one entry at a time: another slot has it'],
  ['cooldown', 'a stop was hit; entries wait for the cooldown'],
  ['post-only-wait', 'a post-only entry would have taken; it waits for the next indicator close'],
  ['retry-wait', 'the last order was refused or ended unfilled; the retry waits'],
  ['level-below-zero', 'the entry level is not a positive price'],
  ['below-minimum', "the order is below the instrument's minimum quantity or notional"],
  ['risk-limit', 'a risk limit blocks the order'],
  ['not-armed', 'the price has not been on the right side of this level yet'],
  ['no-cross', 'the averages have not crossed'],
  ['holding', 'in position, as intended'],
  ['liquidated', 'the position was liquidated; the run has ended'],
  ['remainder-closing', 'the exit filled first; the rest of the entry is being cancelled'],
  ['no-equity', 'sizing needs equity, and none is left'],
  [
    'entries-stopped',
    'entries are stopped: halted, catching up, or the account is not as believed',
  ],
  ['daily-loss', 'the loss of this UTC day has reached its limit'],
  ['price-collar', 'the limit lies too far beyond the known price'],
  ['order-rate', 'too many orders in the last minute'],
  ['stale-price', 'the newest price seen is older than its limit'],
] as const;

export type ReasonName = (typeof REASONS)[number][0];

/** The reason's code in registers. */
export const REASON = Object.fromEntries(REASONS.map(([name], code) => [name, code])) as Readonly<
  Record<ReasonName, number>
>;

export function reasonName(code: number): ReasonName {
  return (REASONS[code] ?? REASONS[0])[0];
}

export function reasonText(code: number): string {
  return (REASONS[code] ?? REASONS[0])[1];
}
