import { caseText, lifeCases } from './deliveries.ts';
import type { OrderLife } from './order-lives.ts';
import { runLife } from './run-life.ts';

/** What a share of a life's cases has shown. */
export type LifeTotals = {
  readonly cases: number;
  readonly broken: number;
  /** Number of the first broken case; Infinity where none is. */
  readonly firstAt: number;
  /** The first broken case, and its rule. */
  readonly first: string | undefined;
};

/** Every case of a life whose number leaves `part` when it is divided by `parts`. */
export function runLifeCases(life: OrderLife, part: number, parts: number): LifeTotals {
  let [at, cases, broken, firstAt] = [-1, 0, 0, Infinity];
  let first: string | undefined;
  for (const played of lifeCases(life.messages.length)) {
    at += 1;
    if (at % parts !== part) continue;
    cases += 1;
    const fault = runLife(life, played);
    if (fault === undefined) continue;
    broken += 1;
    first ??= `${caseText(played)}: ${fault}`;
    firstAt = Math.min(firstAt, at);
  }
  return { cases, broken, firstAt, first };
}

/** The same whatever the shares were. */
export function joined(shares: readonly LifeTotals[]): LifeTotals {
  let [cases, broken, firstAt] = [0, 0, Infinity];
  let first: string | undefined;
  for (const share of shares) {
    cases += share.cases;
    broken += share.broken;
    if (share.firstAt >= firstAt) continue;
    firstAt = share.firstAt;
    first = share.first;
  }
  return { cases, broken, firstAt, first };
}
