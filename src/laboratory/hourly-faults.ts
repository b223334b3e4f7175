import type { BookAudit } from './book-audit.ts';
import type { BotProcess } from './bot-process.ts';
import type { CallLine } from './call-line.ts';
import type { TimedFault } from './fault-plan.ts';
import { FAULTS, FAULT_KINDS } from './faults.ts';
import type { FaultKind } from './faults.ts';
import type { Socket } from '../live/session/protocol.ts';
import type { Surface } from '../venue/exchange/options.ts';
import type { Stage } from './stage.ts';
import type { StreamLine } from './stream-line.ts';

const SURFACES: readonly Surface[] = [
  'restOpenOrders',
  'restOrderHistory',
  'restExecutions',
  'restPosition',
  'restWallet',
  'restTransactionLog',
];
/** A socket that says nothing is to be noticed within this time. */
const NOTICED_MS = 60_000;
const FULL_MS = 60_000;
/** A thin market gives the lots back bit by bit; only then a person can accept what is left. */
const HAND_KNOWN_MS = 90_000;

/** Faults that come by the hour: each is put on the agenda again when it has struck. */
export class HourlyFaults {
  readonly #stage: Stage;
  readonly #calls: CallLine;
  readonly #streams: StreamLine;
  readonly #process: BotProcess;
  readonly #books: BookAudit;
  readonly #handSteps: number;

  constructor(
    stage: Stage,
    calls: CallLine,
    streams: StreamLine,
    process: BotProcess,
    books: BookAudit,
    handSteps: number,
  ) {
    this.#stage = stage;
    this.#calls = calls;
    this.#streams = streams;
    this.#process = process;
    this.#books = books;
    this.#handSteps = handSteps;
  }

  begin(timed: readonly TimedFault[]): void {
    for (const { fault, afterMs } of timed) this.#stage.put(afterMs, { t: 'timed', kind: fault });
    for (const kind of FAULT_KINDS) if (FAULTS[kind].strikes === 'hour') this.#putNext(kind);
  }

  strike(kind: FaultKind): void {
    const stage = this.#stage;
    if (stage.dice.isCalm) return;
    this.#putNext(kind);
    this.do(kind);
  }

  /** Also for a script, which strikes when it says. */
  do(kind: FaultKind): void {
    const stage = this.#stage;
    const chance = stage.dice.chance(kind);
    stage.trace.note(stage.nowMs, `fault ${kind}`);
    switch (kind) {
      case 'ipBan':
        this.#count(kind, 'calls');
        this.#calls.ban();
        this.#books.bannedUntilMs = stage.disturbedUntilMs;
        return;
      case 'partition': {
        this.#count(kind, 'all');
        stage.partitionedUntilMs = stage.nowMs + chance.between(5_000, 180_000);
        stage.disturb(stage.partitionedUntilMs + NOTICED_MS);
        this.#streams.silence('private');
        this.#streams.silence('public');
        return;
      }
      case 'socketDies':
        this.#streams.die(this.#socket(kind), kind);
        return;
      case 'socketSilent':
        this.#streams.silence(this.#socket(kind));
        stage.disturb(stage.nowMs + NOTICED_MS);
        return;
      case 'stall':
        this.#count(kind, 'process');
        this.#process.stalledUntilMs = stage.nowMs + chance.between(1_000, 60_000);
        stage.disturb(this.#process.stalledUntilMs);
        return;
      case 'clockStep':
        this.#count(kind, 'clock');
        stage.clock.step(stage.nowMs, chance);
        return;
      case 'diskFull':
        this.#count(kind, 'disk');
        this.#process.disk.fullUntilMs = stage.nowMs + FULL_MS;
        stage.disturb(stage.nowMs + 2 * FULL_MS);
        return;
      case 'surfaceStale': {
        const surface = chance.pick(SURFACES);
        this.#count(kind, surface);
        const untilMs = stage.nowMs + chance.between(1_000, 15_000);
        stage.exchange.stall(surface, untilMs);
        stage.disturb(untilMs);
        return;
      }
      case 'cacheWiped':
        this.#count(kind, 'restOpenOrders');
        stage.exchange.restart(stage.nowMs);
        return;
      case 'handTrade': {
        this.#count(kind, 'account');
        const side = chance.hits(0.5) ? 1 : -1;
        stage.exchange.tradeByHand(stage.nowMs, side, this.#handSteps);
        const backMs = chance.between(30_000, 900_000);
        stage.disturb(stage.nowMs + backMs + HAND_KNOWN_MS);
        stage.put(backMs, { t: 'handTradeBack' });
        return;
      }
      case 'unknownExecution':
        this.#count(kind, 'execution');
        stage.exchange.injectExecution(stage.nowMs, 'Unheard', 1);
        return;
      default:
        // The price walk has its gaps already; the rest strikes single things.
        return;
    }
  }

  /** The hand that traded takes its trades back, so that the account is the bot's again. */
  undoHand(): void {
    const stage = this.#stage;
    this.#books.look();
    const steps = this.#books.foreignSteps;
    if (steps === 0) return;
    stage.trace.note(stage.nowMs, 'hand trade back', steps);
    stage.exchange.tradeByHand(stage.nowMs, steps > 0 ? -1 : 1, Math.abs(steps));
    // A thin market may not take it all.
    stage.put(5_000, { t: 'handTradeBack' });
  }

  #putNext(kind: FaultKind): void {
    const { dice } = this.#stage;
    const rate = dice.rate(kind);
    if (rate > 0) this.#stage.put(dice.chance(kind).waitMs(rate), { t: 'fault', kind });
  }

  #socket(kind: FaultKind): Socket {
    const socket = this.#stage.dice.chance(kind).hits(0.7) ? 'private' : 'public';
    this.#count(kind, socket);
    return socket;
  }

  #count(kind: FaultKind, target: string): void {
    this.#stage.dice.coverage.hit(kind, target);
  }
}
