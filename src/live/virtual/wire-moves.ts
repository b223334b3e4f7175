import type { BybitTransport } from '../../brokers/bybit/bybit-transport.ts';
import type { RestAnswer, RestRequest } from '../../brokers/bybit/rest-request.ts';
import type { Transport, TransportSink } from '../../brokers/transport.ts';
import { InvariantError } from '../../engine/invariant.ts';
import { VirtualClock } from '../shell/clock.ts';
import type { Arrival, Deed, Order } from './deeds.ts';
import { KeptTransport } from './kept-transport.ts';
import type { MovedVenue } from './moved-venue.ts';
import { TimeChannel } from './time-channel.ts';
import type { Step, TimeAccess, Told } from './time-channel.ts';
import { OwnLedger, agree, ledgerText } from './venue-ledger.ts';
import type { Connection, VenueLedger } from './venue-ledger.ts';

export type WireMovesParts = {
  readonly access: TimeAccess;
  /** Over the real wire. Called once for each transport of the process. */
  readonly wire: (sink: TransportSink, access: 'private' | 'public') => Transport;
  /** For whoever asks before there is a process. */
  readonly asker: BybitTransport;
};

/** Of wall time without a step, while one is owed. */
const STUCK_MS = 60_000;

/**
 * Keeps an emulator's time: nothing that it says is looked at before the step that announces it,
 * and nothing is done before what was done last has arrived. So a run over the wire is the same to
 * the byte as one in the venue's own process.
 */
export class WireMoves implements MovedVenue, Order {
  readonly clock: VirtualClock;
  readonly own = new OwnLedger();
  readonly #parts: WireMovesParts;
  readonly #channel: TimeChannel;
  readonly #inbox: Arrival[] = [];
  readonly #deeds: Deed[] = [];
  #underWay: Deed | undefined;
  #step: Step;
  #venue: VenueLedger;
  #hasWoken = false;
  #saidIdle = NaN;
  /** Time may pass: somebody waits for it. */
  #waiters = 0;
  #isProceeding = false;
  #watch: NodeJS.Timeout | undefined;
  #fail: (error: Error) => void = () => undefined;
  readonly #failure: Promise<never>;

  static async open(parts: WireMovesParts): Promise<WireMoves> {
    let heard: (message: Told) => void = () => undefined;
    let failed: (error: Error) => void = () => undefined;
    const first = new Promise<Step>((resolve, reject) => {
      heard = (message) => {
        if (message.t === 'step') resolve(message);
      };
      failed = reject;
    });
    const channel = new TimeChannel(
      parts.access,
      (message) => heard(message),
      (error) => failed(error),
    );
    const moves = new WireMoves(parts, channel, await first);
    heard = (message) => moves.#hear(message);
    failed = (error) => moves.#fail(error);
    return moves;
  }

  private constructor(parts: WireMovesParts, channel: TimeChannel, first: Step) {
    this.#parts = parts;
    this.#channel = channel;
    this.#step = first;
    this.#venue = first.ledger;
    this.clock = new VirtualClock(first.venueMs);
    this.#failure = new Promise((_resolve, reject) => (this.#fail = reject));
    this.#failure.catch(() => undefined);
  }

  ask(request: RestRequest): Promise<RestAnswer> {
    const answer = new Promise<RestAnswer>((resolve) => {
      this.#waiters += 1;
      // Time stops with the answer, not when somebody gets round to reading it.
      const take = (heard: RestAnswer): void => {
        this.#waiters -= 1;
        resolve(heard);
      };
      this.does({
        act: () => {
          this.own.calls += 1;
          void this.#parts.asker.ask({ ...request, timeoutMs: STUCK_MS }).then((heard) => {
            const input = { t: 'failed', call: 0, why: 'reset' } as const;
            this.arrives({ input, of: undefined, take: () => take(heard) });
          });
        },
        hasArrived: (venue, own) => venue.calls === own.calls,
      });
    });
    return Promise.race([answer, this.#failure]);
  }

  transport(sink: TransportSink, access: 'private' | 'public'): Transport {
    return new KeptTransport(this, sink, (inner) => this.#parts.wire(inner, access));
  }

  async moveUntil<Result>(over: Promise<Result>): Promise<Result> {
    this.#waiters += 1;
    try {
      this.proceed();
      return await Promise.race([over, this.#failure]);
    } finally {
      this.#waiters -= 1;
    }
  }

  async close(): Promise<void> {
    clearTimeout(this.#watch);
    this.#channel.close();
    await this.#parts.asker.close();
  }

  does(deed: Deed): void {
    this.#deeds.push(deed);
    this.proceed();
  }

  arrives(arrival: Arrival): void {
    this.#inbox.push(arrival);
    this.proceed();
  }

  /** What came by a connection that was given up is nobody's. */
  forget(connection: Connection): void {
    this.own.connections.delete(connection);
    const kept = this.#inbox.filter(({ of }) => of !== connection);
    this.#inbox.splice(0, Infinity, ...kept);
  }

  proceed(): void {
    if (this.#isProceeding) return;
    this.#isProceeding = true;
    try {
      while (this.#takeOne() || this.#wake() || this.#doOne());
      this.#sayIdle();
      this.#guard();
    } catch (error) {
      this.#fail(error instanceof Error ? error : new InvariantError('not an Error was thrown'));
    } finally {
      this.#isProceeding = false;
    }
  }

  #hear(message: Told): void {
    if (message.t === 'end') return;
    this.#venue = message.ledger;
    this.#saidIdle = NaN;
    if (message.t === 'step') {
      this.#step = message;
      this.#hasWoken = false;
      this.clock.showTo(message.venueMs);
    }
    this.proceed();
  }

  #takeOne(): boolean {
    const at = this.#inbox.findIndex((arrival, index) => this.#isDue(arrival, index));
    const [arrival] = at < 0 ? [] : this.#inbox.splice(at, 1);
    if (arrival === undefined) return false;
    this.#count(arrival);
    arrival.take();
    return true;
  }

  /** Each connection's in their order; an end is due when nothing of its connection is left. */
  #isDue({ input, of }: Arrival, index: number): boolean {
    if (input.t === 'reply' || input.t === 'failed') return this.own.answers < this.#venue.answers;
    const isFirst = !this.#inbox.slice(0, index).some((earlier) => earlier.of === of);
    if (input.t !== 'frame') return isFirst;
    return isFirst && this.own.told().frames[input.socket] < this.#venue.frames[input.socket];
  }

  #count({ input, of }: Arrival): void {
    if (input.t === 'reply' || input.t === 'failed') this.own.answers += 1;
    else if (of === undefined) return;
    else if (input.t === 'frame') of.frames += 1;
    else if (input.t === 'open') of.state = 'open';
    else this.own.connections.delete(of);
  }

  #wake(): boolean {
    const { timer, venueMs } = this.#step;
    if (!timer || this.#hasWoken) return false;
    this.#hasWoken = true;
    this.clock.advanceTo(venueMs);
    return true;
  }

  #doOne(): boolean {
    if (this.#underWay?.hasArrived(this.#venue, this.own) === false) return false;
    this.#underWay = this.#deeds.shift();
    this.#underWay?.act();
    return this.#underWay !== undefined;
  }

  #sayIdle(): void {
    const { step } = this.#step;
    if (this.#waiters === 0 || this.#underWay !== undefined || this.#saidIdle === step) return;
    if (this.#inbox.length > 0 || this.own.isConnecting) return;
    const ours = this.own.told();
    if (!agree(ours, this.#venue)) return;
    this.#saidIdle = step;
    this.#channel.idle(step, ours, this.clock.nextMs());
  }

  /** Nobody is to wait for ever without a word. */
  #guard(): void {
    if (this.#waiters === 0) return;
    if (this.#watch !== undefined) {
      this.#watch.refresh();
      return;
    }
    this.#watch = setTimeout(() => {
      if (this.#waiters === 0) return;
      const counts = ledgerText(this.own.told(), this.#venue);
      const text = counts === '' ? 'the emulator has said nothing' : counts;
      this.#fail(new InvariantError(`virtual time stands still at ${this.#step.venueMs}: ${text}`));
    }, STUCK_MS);
  }
}
