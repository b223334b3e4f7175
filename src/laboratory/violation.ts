/** The first broken rule of a run. It stops the run and carries its numbers. */
export class Violation extends Error {
  override readonly name = 'Violation';
  readonly rule: Rule;

  constructor(rule: Rule, text: string) {
    super(`${rule}: ${text}`);
    this.rule = rule;
  }
}

// prettier-ignore
export const RULES = {
  S1: 'position plus entries that may still fill, and orders open at an entry, stay within the maximum',
  S2: 'at most one live entry per level',
  S3: 'every execution that changes the position is in the ledger exactly once',
  S4: 'after two calm minutes ledger, exchange and the sum of the levels are equal',
  S5: 'exits add up to at most the position, and none sells the lots of another level',
  S6: 'no order of ours at the exchange that we do not know',
  S7: 'nothing is sent whose intent is not durable',
  S8: 'folding the journal gives the live state, bit for bit',
  S9: 'cash is realised PnL - fees - funding, to the unit',
  S10: 'command rates stay within the limits, and a ban is kept to',
  S11: 'a secret is in no byte written',
  L1: 'in calm nothing stays unknown for more than 60 s',
  L2: 'in calm a fill is in the ledger within 5 s',
  L3: 'in calm every wanted order is at the exchange within 10 min',
  L4: 'trading again within 30 s of a crash in calm',
  L5: 'a halt takes the entries away and leaves the exits',
  D1: 'the same seed gives the same bytes',
  D2: 'a replay gives the same commands',
  CRASH: 'the code itself stops for nothing that the outside world says',
} as const satisfies Readonly<Record<string, string>>;

export type Rule = keyof typeof RULES;
