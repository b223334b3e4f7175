import { isRow } from '../../brokers/bybit/wire/decoded.ts';
import type { Effect, Input } from '../session/protocol.ts';
import { LatencyBook, SURFACES } from './latency-book.ts';
import type { OrderLeg, SeenMs, Surface } from './latency-book.ts';

/** The legs of a profile, and the reads by which an order or execution may be seen besides. */
export const MEASURED = [
  'market',
  'submit',
  'amend',
  'cancel',
  'ack',
  'wsOrder',
  'wsExecution',
  'rest-open',
  'rest-history',
  'rest-execution',
] as const;
export type Measured = (typeof MEASURED)[number];

export type LatencySamples = {
  readonly ms: Readonly<Record<Measured, readonly number[]>>;
  /** The venue's clock less the process's, least and most over the hours. */
  readonly offsetMs: { readonly least: number; readonly most: number };
};

type PublicFrame = { readonly venueMs: number; readonly seenMs: number };
type Offset = (atMs: number) => number;

const MS_PER_HOUR = 3_600_000;
/** Of the answers of an hour, the share that is taken to have gone and come equally fast. */
const FASTEST_SHARE = 0.25;

const SURFACE_OF: Readonly<Record<Surface, Measured>> = {
  'stream-order': 'wsOrder',
  'stream-execution': 'wsExecution',
  'rest-open': 'rest-open',
  'rest-history': 'rest-history',
  'rest-execution': 'rest-execution',
};

/** Takes in what a session saw and did, and says how long each leg took. */
export class LatencySampler {
  readonly #book = new LatencyBook();
  readonly #public: PublicFrame[] = [];

  take(input: Input, effects: readonly Effect[]): void {
    this.#book.take(input, effects);
    if (input.t !== 'frame' || input.socket !== 'public' || !isRow(input.body)) return;
    const { topic, ts } = input.body;
    const isPrice = typeof topic === 'string' && /^(tickers|publicTrade)\./.test(topic);
    if (isPrice && typeof ts === 'number') this.#public.push({ venueMs: ts, seenMs: input.atMs });
  }

  samples(): LatencySamples {
    const { orders, executions } = this.#book;
    const ms = emptySamples();
    const hours = offsetsByHour(orders);
    const offset = offsetAt(hours);
    const add = (leg: Measured, value: number): void => {
      if (Number.isFinite(value)) ms[leg].push(Math.max(0, value));
    };
    for (const leg of orders) {
      const arrivedMs = leg.venueMs - offset(leg.sentMs);
      add(leg.action === 'create' ? 'submit' : leg.action, arrivedMs - leg.sentMs);
      add('ack', leg.answeredMs - arrivedMs);
      for (const surface of ['stream-order', 'rest-open', 'rest-history'] as const)
        add(SURFACE_OF[surface], seenAt(leg.seenMs, surface) - arrivedMs);
    }
    for (const { venueMs, seenMs } of executions)
      for (const surface of SURFACES.filter((each) => each.endsWith('execution')))
        add(SURFACE_OF[surface], seenAt(seenMs, surface) - (venueMs - offset(venueMs)));
    for (const { venueMs, seenMs } of this.#public)
      add('market', seenMs - venueMs + offset(seenMs));
    const offsets = hours.map(({ offsetMs }) => offsetMs);
    return { ms, offsetMs: { least: Math.min(...offsets), most: Math.max(...offsets) } };
  }
}

function seenAt(seen: SeenMs, surface: Surface): number {
  return seen[surface] ?? NaN;
}

function emptySamples(): Record<Measured, number[]> {
  const entries = MEASURED.map((each): [Measured, number[]] => [each, []]);
  return Object.fromEntries(entries) as Record<Measured, number[]>;
}

type HourOffset = { readonly hour: number; readonly offsetMs: number };

/**
 * The venue's stamp lies somewhere between request and answer; where both ways were quick it can
 * be nearly nowhere but in the middle. By the hour, since clocks drift.
 */
function offsetsByHour(orders: readonly OrderLeg[]): HourOffset[] {
  const hours = new Map<number, { roundMs: number; offsetMs: number }[]>();
  for (const { sentMs, venueMs, answeredMs } of orders) {
    const offsetMs = venueMs - (sentMs + answeredMs) / 2;
    if (!Number.isFinite(offsetMs)) continue;
    const hour = Math.floor(sentMs / MS_PER_HOUR);
    const list = hours.get(hour) ?? [];
    list.push({ roundMs: answeredMs - sentMs, offsetMs });
    hours.set(hour, list);
  }
  return [...hours]
    .map(([hour, list]) => {
      const byRound = list.toSorted((a, b) => a.roundMs - b.roundMs);
      const fastest = byRound.slice(0, Math.max(1, Math.ceil(list.length * FASTEST_SHARE)));
      return { hour, offsetMs: median(fastest.map(({ offsetMs }) => offsetMs)) };
    })
    .sort((a, b) => a.hour - b.hour);
}

/** Of the hour itself, or the nearest before it, or the first after it. */
function offsetAt(hours: readonly HourOffset[]): Offset {
  return (atMs) => {
    const hour = Math.floor(atMs / MS_PER_HOUR);
    const found = hours.findLast((each) => each.hour <= hour) ?? hours[0];
    return found?.offsetMs ?? NaN;
  };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}
