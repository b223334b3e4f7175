import type { Alert, AlertCode } from './alert.ts';

const FILL_EVERY_MS = 10_000;
const SAME_EVERY_MS = 300_000;
/** Of all codes together, within ten minutes; what is beyond waits. */
const MOST = 20;
const MOST_WITHIN_MS = 600_000;

type Held = { readonly alert: Alert; readonly count: number };

/**
 * How often somebody is told: the first of a kind at once, what repeats it as one, later. Nothing
 * is lost but repetitions, and those are counted.
 */
export class AlertPace {
  readonly #lastMs = new Map<AlertCode, number>();
  readonly #held = new Map<AlertCode, Held>();
  #passedMs: number[] = [];

  take(alert: Alert, nowMs: number): Alert | undefined {
    const held = this.#held.get(alert.code);
    if (held === undefined && nowMs >= this.#freeMs(alert.code)) return this.#pass(alert, nowMs);
    this.#held.set(alert.code, { alert, count: (held?.count ?? 0) + 1 });
    return undefined;
  }

  /** When something that was held back may go; Infinity for nothing. */
  dueMs(): number {
    return Math.min(Infinity, ...[...this.#held.keys()].map((code) => this.#freeMs(code)));
  }

  release(nowMs: number): Alert | undefined {
    for (const [code, held] of this.#held) {
      if (nowMs < this.#freeMs(code)) continue;
      this.#held.delete(code);
      return this.#pass(counted(held), nowMs);
    }
    return undefined;
  }

  /** At the end nothing waits. */
  rest(): Alert[] {
    const all = [...this.#held.values()].map(counted);
    this.#held.clear();
    return all;
  }

  #freeMs(code: AlertCode): number {
    const everyMs = code === 'fill' ? FILL_EVERY_MS : SAME_EVERY_MS;
    const sameMs = (this.#lastMs.get(code) ?? -Infinity) + everyMs;
    const first = this.#passedMs.length < MOST ? -Infinity : (this.#passedMs[0] ?? -Infinity);
    return Math.max(sameMs, first + MOST_WITHIN_MS);
  }

  #pass(alert: Alert, nowMs: number): Alert {
    this.#lastMs.set(alert.code, nowMs);
    this.#passedMs = [...this.#passedMs, nowMs].slice(-MOST);
    return alert;
  }
}

function counted({ alert, count }: Held): Alert {
  const more = count > 1 ? ` (${count} of these since the last message)` : '';
  return { ...alert, text: `${alert.text}${more}` };
}
