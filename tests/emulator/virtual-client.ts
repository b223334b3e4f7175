import WebSocket from 'ws';
import { BybitTransport } from '../../src/brokers/bybit/bybit-transport.ts';
import type { Credentials } from '../../src/brokers/bybit/credentials.ts';
import type {
  Transport,
  TransportCall,
  TransportInput,
  TransportSocket,
} from '../../src/brokers/transport.ts';
import type { Emulator } from '../../src/emulator/emulator.ts';
import type { Ledger } from '../../src/emulator/server/ledger.ts';
import { atEnd } from './rig.ts';

/** Whoever trades: told what comes in and when its timer is due. */
export type Bot = {
  nextTimerMs: number;
  start(wire: Wire): void;
  hear(input: TransportInput, nowMs: number): void;
  wake(nowMs: number): void;
};
export type Wire = Pick<Transport, 'call' | 'connect' | 'send'>;

type Step = { t: 'step'; step: number; venueMs: number; timer: boolean; ledger: Ledger };
type Told = Step | { t: 'arrived'; ledger: Ledger } | { t: 'end' } | { t: 'wrong'; text: string };
type Counts = { private: number; public: number; trade: number };

const none = (): Counts => ({ private: 0, public: 0, trade: 0 });

/** The client's side of virtual time, as docs/emulator.md has it, over the real SDK. */
export class VirtualClient implements Wire {
  readonly #transport: BybitTransport;
  readonly #keeper: WebSocket;
  readonly #bot: Bot;
  readonly #inbox: TransportInput[] = [];
  readonly #calls: TransportCall[] = [];
  readonly #mine = {
    calls: 0,
    answers: 0,
    attempts: none(),
    open: none(),
    frames: none(),
    sent: none(),
  };
  #step: Step | undefined;
  #arrivedCalls = 0;
  #hasWoken = false;
  #done: () => void = () => undefined;
  #failed: (error: Error) => void = () => undefined;

  constructor(venue: Emulator, credentials: Credentials, bot: Bot) {
    this.#bot = bot;
    const { restUrl: rest, wsUrl } = venue;
    const endpoints = {
      environment: 'emulator',
      rest,
      privateStream: `${wsUrl}/v5/private`,
      publicStream: `${wsUrl}/v5/public/linear`,
      tradeStream: undefined,
    } as const;
    this.#transport = new BybitTransport(
      { endpoints, credentials, measuresClock: false },
      (input) => {
        this.#inbox.push(input);
        this.#proceed();
      },
    );
    this.#keeper = new WebSocket(`${venue.controlUrl.replace('http', 'ws')}/time`, {
      headers: { Authorization: `Bearer ${venue.controlToken}` },
    });
    this.#keeper.on('message', (data) => {
      this.#hear(JSON.parse(String(data)) as Told);
    });
    this.#keeper.on('error', (error) => {
      this.#failed(error);
    });
    atEnd(async () => {
      await this.#transport.close();
      this.#keeper.terminate();
    });
  }

  /** Until the tape is over. */
  run(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#done = resolve;
      this.#failed = reject;
    });
  }

  /** One at a time, so that they arrive in the order they were made. */
  call(request: TransportCall): void {
    this.#calls.push(request);
  }

  connect(socket: TransportSocket): void {
    this.#mine.attempts[socket] += 1;
    this.#transport.connect(socket);
  }

  send(socket: TransportSocket, body: unknown): void {
    this.#mine.sent[socket] += 1;
    this.#transport.send(socket, body);
  }

  #hear(told: Told): void {
    if (told.t === 'end') this.#done();
    else if (told.t === 'wrong') this.#failed(new Error(told.text));
    else if (told.t === 'arrived') this.#arrivedCalls = told.ledger.calls;
    else {
      const first = this.#step === undefined;
      this.#step = told;
      this.#hasWoken = false;
      if (first) this.#bot.start(this);
    }
    this.#proceed();
  }

  #proceed(): void {
    const step = this.#step;
    if (step === undefined) return;
    for (let input = this.#inbox[0]; input !== undefined; input = this.#inbox[0]) {
      if (!this.#isAnnounced(input, step.ledger)) return;
      this.#inbox.shift();
      this.#bot.hear(input, step.venueMs);
    }
    if (step.timer && !this.#hasWoken && this.#bot.nextTimerMs <= step.venueMs) {
      this.#hasWoken = true;
      this.#bot.wake(step.venueMs);
    }
    const next = this.#calls[0];
    if (next !== undefined && this.#arrivedCalls === this.#mine.calls) {
      this.#calls.shift();
      this.#mine.calls += 1;
      this.#transport.call(next);
    }
    if (this.#calls.length === 0) this.#sayIdle(step);
  }

  /** Counts the input in, where the venue's time for it has come. */
  #isAnnounced(input: TransportInput, ledger: Ledger): boolean {
    const mine = this.#mine;
    switch (input.t) {
      case 'open':
        mine.open[input.socket] = 1;
        return true;
      case 'close':
        for (const counts of [mine.open, mine.frames, mine.sent]) counts[input.socket] = 0;
        return true;
      case 'frame':
        if (mine.frames[input.socket] >= ledger.frames[input.socket]) return false;
        mine.frames[input.socket] += 1;
        return true;
      case 'reply':
      case 'failed':
        if (mine.answers >= ledger.answers) return false;
        mine.answers += 1;
        return true;
    }
  }

  #sayIdle({ step, ledger }: Step): void {
    const mine = this.#mine;
    const caughtUp =
      mine.answers === ledger.answers &&
      (['private', 'public'] as const).every(
        (socket) =>
          mine.frames[socket] === ledger.frames[socket] &&
          (mine.open[socket] === 1) === mine.attempts[socket] > 0,
      );
    if (!caughtUp) return;
    const { nextTimerMs } = this.#bot;
    const timer = Number.isFinite(nextTimerMs) ? nextTimerMs : null;
    this.#keeper.send(JSON.stringify({ t: 'idle', step, ledger: mine, nextTimerMs: timer }));
  }
}
