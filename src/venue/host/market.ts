import { PathPoint, TakerTerms } from '../../market/exact.ts';
import { PATH_DIRECTION } from '../../market/path.ts';
import type { Instrument } from '../../engine/instrument.ts';
import { Candles } from './candles.ts';
import { LastDay } from './day-statistics.ts';
import { FundingRates } from './funding-rates.ts';
import type { HostOptions } from './options.ts';
import { TapeWalk } from './tape-walk.ts';

/** What everybody can see of the market, as of the present ms. */
export class Market {
  readonly instrument: Instrument;
  readonly walk: TapeWalk;
  readonly candles: Candles;
  readonly lastDay: LastDay;
  readonly funding: FundingRates;
  readonly markCandles: Candles;
  /** The last price, exactly. */
  readonly point = new PathPoint();
  nowMs: number;
  /** Mark and index stand still between ticks, as the venue's own do. */
  markTicks = 0;
  readonly #markWalk: TapeWalk | undefined;
  readonly #markPoint = new PathPoint();
  readonly #terms: TakerTerms;

  constructor(options: HostOptions) {
    const { tape, path, markTape, startMs, endMs } = options;
    this.instrument = options.instrument;
    this.nowMs = startMs;
    this.walk = new TapeWalk(tape, path, startMs, endMs);
    this.candles = new Candles(tape, path);
    this.lastDay = new LastDay(tape);
    this.funding = new FundingRates(options.instrument, options.funding);
    this.#markWalk =
      markTape === undefined ? undefined : new TapeWalk(markTape, PATH_DIRECTION, startMs, endMs);
    this.markCandles =
      markTape === undefined ? this.candles : new Candles(markTape, PATH_DIRECTION);
    this.#terms = new TakerTerms(options.execution.halfSpreadTicks, 0);
    this.to(startMs);
    this.tick();
  }

  /** The index is taken to be the mark: the data has no other. */
  get indexTicks(): number {
    return this.markTicks;
  }

  get lastTicks(): number {
    return Math.max(1, Math.round(this.point.ticks()));
  }

  get askTicks(): number {
    return this.#terms.takerTicks(1, this.point);
  }

  get bidTicks(): number {
    return Math.max(1, Math.min(this.#terms.takerTicks(-1, this.point), this.askTicks - 1));
  }

  /** What stands at the best prices: an assumption, a hundredth of the candle's volume. */
  get bestSteps(): number {
    const volume = this.walk.tape.volumeSteps[Math.max(0, this.walk.row)] ?? 0;
    return Math.max(this.instrument.minQtySteps, Math.floor(volume / 100));
  }

  to(nowMs: number): void {
    this.nowMs = nowMs;
    this.walk.to(nowMs);
    this.walk.pointAt(nowMs, this.point);
  }

  /** Mark and index move. */
  tick(): void {
    const mark = this.#markWalk;
    if (mark === undefined) {
      this.markTicks = this.lastTicks;
      return;
    }
    mark.to(this.nowMs);
    mark.pointAt(this.nowMs, this.#markPoint);
    this.markTicks = Math.max(1, Math.round(this.#markPoint.ticks()));
  }
}
