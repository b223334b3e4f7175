import { InputError } from '../../engine/invariant.ts';
import type { LiveStatus } from '../shell/status.ts';
import type { Onlooker } from '../watch/onlooker.ts';
import { heldText } from '../watch/status-lines.ts';
import type { Alert } from './alert.ts';

/** What a day began with. */
export type DayStart = {
  readonly day: string;
  readonly realised: number;
  readonly fees: number;
  readonly funding: number;
  readonly fills: number;
};

/** Where the beginning of the day is kept, so that a restart does not begin it anew. */
export interface DayStore {
  read(): DayStart | undefined;
  write(start: DayStart): void;
}

/** The calendar day of a moment in a time zone, as 2024-01-31. */
export function dayIn(timeZone: string): (atMs: number) => string {
  let format: Intl.DateTimeFormat;
  try {
    const parts = { year: 'numeric', month: '2-digit', day: '2-digit' } as const;
    format = new Intl.DateTimeFormat('en-US', { timeZone, ...parts });
  } catch {
    throw new InputError(`--tz ${timeZone} is no time zone: Europe/Berlin, or UTC`);
  }
  return (atMs) => {
    const found = new Map(format.formatToParts(atMs).map(({ type, value }) => [type, value]));
    return `${found.get('year')}-${found.get('month')}-${found.get('day')}`;
  };
}

/** When a day of somebody's calendar is over, what it brought. */
export class DailySummary implements Onlooker {
  readonly #dayOf: (atMs: number) => string;
  readonly #store: DayStore;
  readonly #emit: (alert: Alert) => void;
  #start: DayStart | undefined;

  constructor(timeZone: string, store: DayStore, emit: (alert: Alert) => void) {
    this.#dayOf = dayIn(timeZone);
    this.#store = store;
    this.#emit = emit;
    this.#start = store.read();
  }

  looked(status: LiveStatus): void {
    const { atMs, money, fills } = status;
    const day = this.#dayOf(atMs);
    if (this.#start?.day === day) return;
    const { realised, fees, funding } = money;
    const now = { day, realised: realised ?? 0, fees: fees ?? 0, funding: funding ?? 0, fills };
    const then = this.#start;
    this.#start = now;
    this.#store.write(now);
    if (then !== undefined)
      this.#emit({ code: 'daily-summary', atMs, text: text(then, now, status) });
  }
}

function text(then: DayStart, now: DayStart, { money, position, alarmCount }: LiveStatus): string {
  const over = (what: 'realised' | 'fees' | 'funding'): string =>
    `${what} ${Number((now[what] - then[what]).toPrecision(12))}`;
  return (
    `${then.day}: ${now.fills - then.fills} fills, ${over('realised')}, ${over('fees')}, ` +
    `${over('funding')} ${money.settle}; ${heldText(position)}, alarms of this run ${alarmCount}`
  );
}
