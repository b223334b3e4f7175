import { Candles } from '../../../src/venue/host/candles.ts';
import { DryVenue } from '../../../src/venue/dry-run/dry-venue.ts';
import type { DryVenueOptions } from '../../../src/venue/dry-run/dry-venue.ts';
import type { MinuteCandle } from '../../../src/venue/dry-run/missed-way.ts';
import type { VenueRecord } from '../../../src/venue/dry-run/venue-record.ts';
import { PathPoint } from '../../../src/market/exact.ts';
import { PATH_DIRECTION } from '../../../src/market/path.ts';
import { TapePath } from '../../../src/market/tape-path.ts';
import type { Tape } from '../../../src/market/tape.ts';
import { MINUTE_MS, START_MS, profile, shipped } from '../host/rig.ts';

export const instrument = shipped('BTCUSDT');
const SAMPLE_MS = 500;

export function dryOptions(changes: Partial<DryVenueOptions> = {}): DryVenueOptions {
  return {
    instrument,
    execution: profile('ideal'),
    path: PATH_DIRECTION,
    seed: 7,
    leverage: 10,
    capitalMoney: 1e5 * instrument.moneyPerUnit,
    marginMode: 'isolated',
    startMs: START_MS,
    ...changes,
  };
}

/** A venue that follows a tape: looked at twice a second and at every corner, or not at all. */
export class Follower {
  venue: DryVenue;
  readonly records: VenueRecord[] = [];
  readonly #tape: Tape;
  readonly #path: TapePath;
  readonly #candles: Candles;
  readonly #options: DryVenueOptions;
  #calls = 0;

  constructor(tape: Tape, options = dryOptions()) {
    this.#tape = tape;
    this.#path = new TapePath(tape, options.path);
    this.#candles = new Candles(tape, options.path);
    this.#options = options;
    this.venue = this.#made();
    this.venue.catchUp([this.candleAt(START_MS, START_MS)], START_MS, START_MS);
  }

  post(path: string, params: object): void {
    this.#calls += 1;
    const { venue } = this;
    venue.request(this.#calls, venue.nowMs, 'POST', path, params as Record<string, unknown>);
  }

  lookUntil(untilMs: number): void {
    for (let atMs = this.#nextLookMs(); atMs <= untilMs; atMs = this.#nextLookMs()) {
      const row = rowOf(atMs);
      const point = new PathPoint();
      this.#path.priceAt(row, atMs, point);
      const ticks = Math.round(point.ticks());
      this.venue.price(atMs, { lastTicks: ticks, markTicks: ticks, indexTicks: ticks });
    }
  }

  #nextLookMs(): number {
    const { nowMs } = this.venue;
    const sampleMs = (Math.floor(nowMs / SAMPLE_MS) + 1) * SAMPLE_MS;
    const corners = [0, 1, 2, 3].map((corner) => this.#path.waypointMs(rowOf(nowMs), corner));
    return Math.min(sampleMs, ...corners.filter((cornerMs) => cornerMs > nowMs));
  }

  /** The process dies, and another begins at its book. */
  restart(): void {
    this.venue = this.#made();
    this.venue.restore(this.records.splice(0, Infinity).map((each) => this.#kept(each)));
  }

  /** What the lists say at `untilMs` of the time since. */
  catchUp(sinceMs: number, untilMs: number): void {
    const candles: MinuteCandle[] = [];
    const firstMs = Math.floor(sinceMs / MINUTE_MS) * MINUTE_MS;
    for (let openMs = firstMs; openMs <= untilMs; openMs += MINUTE_MS)
      candles.push(this.candleAt(openMs, untilMs));
    this.venue.advanceTo(untilMs);
    this.venue.catchUp(candles, sinceMs, untilMs);
  }

  candleAt(openTimeMs: number, nowMs: number): MinuteCandle {
    const candle = this.#candles.at(openTimeMs, MINUTE_MS, nowMs);
    if (candle === undefined) throw new Error(`no candle at ${openTimeMs}`);
    const { open, high, low, close, volumeSteps } = candle;
    return { openTimeMs, open, high, low, close, volumeSteps, mark: undefined };
  }

  get fills(): readonly (readonly [string, number, number, number])[] {
    return this.venue.truth.executions
      .filter(({ execType }) => execType === 'Trade')
      .map(({ orderLinkId, qtySteps, priceTicks, timeMs }) => [
        orderLinkId,
        qtySteps,
        priceTicks,
        timeMs,
      ]);
  }

  get lastMs(): number {
    return (this.#tape.openTimeMs[this.#tape.count - 1] ?? 0) + MINUTE_MS - 1;
  }

  #made(): DryVenue {
    return new DryVenue(this.#options, {
      append: (record) => void this.records.push(record),
      sync: () => undefined,
    });
  }

  #kept(record: VenueRecord): VenueRecord {
    const copy = JSON.parse(JSON.stringify(record)) as VenueRecord;
    this.records.push(copy);
    return copy;
  }
}

function rowOf(atMs: number): number {
  return Math.floor((atMs - START_MS) / MINUTE_MS);
}
