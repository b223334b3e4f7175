import type { Effect, Input, Socket } from '../../live/session/protocol.ts';
import type { Session } from '../../live/session/session.ts';
import type { Exchange } from '../../venue/exchange/exchange.ts';

export const START_MS = 1_767_603_600_000;
const WAY_MS = 10;
const CONNECT_MS = 20;
const SYNC_MS = 5;

export type CallEffect = Extract<Effect, { t: 'call' }>;
export type PrivateFrame = { readonly topic: string; readonly body: unknown };
type Due = { readonly atMs: number; readonly run: number; readonly what: () => void };

export type LifeWorldParts = {
  readonly exchange: Exchange;
  /** A process over what the journal holds. */
  readonly start: (journal: string) => Session;
  /** True where somebody else carries the effect out, or the process has died of it. */
  readonly seize: (effect: Effect) => boolean;
  readonly broken: (text: string) => void;
};

/**
 * The smallest world a session can live in: one exchange, a wire that works, a disk, virtual time.
 * It shares no line with the fault world: what one of them gets wrong the other may see.
 */
export class LifeWorld {
  nowMs = START_MS;
  session: Session;
  journal = '';
  durable = 0;
  inputs = 0;
  readonly exchange: Exchange;
  readonly #parts: LifeWorldParts;
  readonly #open: Record<Socket, boolean> = { private: false, public: false };
  #isSubscribed = false;
  #due: Due[] = [];
  #timerMs = Infinity;
  #run = 0;

  constructor(parts: LifeWorldParts) {
    this.#parts = parts;
    this.exchange = parts.exchange;
    this.session = parts.start('');
  }

  boot(): void {
    this.session = this.#parts.start(this.journal);
    this.#run += 1;
    this.give({ t: 'boot', atMs: this.nowMs, run: this.#run });
  }

  /** What the file makes of a process, from its first record on. */
  refolded(): Session {
    return this.#parts.start(this.journal);
  }

  /** Nothing of the process is left, but for its file. */
  die(losesTail: boolean): void {
    if (losesTail) this.journal = this.journal.slice(0, this.durable);
    this.durable = this.journal.length;
    this.#run += 1;
    this.#timerMs = Infinity;
    this.#open.private = false;
    this.#open.public = false;
    this.#isSubscribed = false;
    this.session.effects.length = 0;
  }

  /** Does it after a while, if the process of now still lives then. */
  after(waitMs: number, what: () => void): void {
    const due = { atMs: this.nowMs + waitMs, run: this.#run, what };
    const at = this.#due.findLastIndex(({ atMs }) => atMs <= due.atMs);
    this.#due.splice(at + 1, 0, due);
  }

  runUntil(endMs: number): void {
    for (;;) {
      const next = this.#due[0];
      const dueMs = Math.min(next?.atMs ?? Infinity, this.#timerMs);
      if (dueMs > endMs) break;
      this.nowMs = Math.max(this.nowMs, dueMs);
      if (next !== undefined && next.atMs <= this.#timerMs) {
        this.#due.shift();
        if (next.run === this.#run) next.what();
      } else {
        this.#timerMs = Infinity;
        this.give({ t: 'timer', atMs: this.nowMs });
      }
    }
    this.nowMs = endMs;
  }

  give(input: Input): void {
    this.inputs += 1;
    this.session.handle(input);
    const { effects } = this.session;
    const run = this.#run;
    // A list that grows is walked to its end; a death empties it.
    for (let at = 0; at < effects.length && run === this.#run; at += 1) {
      const effect = effects[at];
      if (effect !== undefined && !this.#parts.seize(effect)) this.#carryOut(effect);
    }
    if (run === this.#run) effects.length = 0;
  }

  /** What the exchange has to say, whoever listens. */
  frames(): readonly PrivateFrame[] {
    const frames: PrivateFrame[] = [];
    while (this.exchange.nextFrameMs() <= this.nowMs) frames.push(this.exchange.takeFrame());
    return frames;
  }

  hear({ body }: PrivateFrame): void {
    if (!this.#isSubscribed) return;
    this.give({ t: 'frame', atMs: this.nowMs, socket: 'private', body });
  }

  /** What the exchange says of itself reaches the process on the ordinary way. */
  pump(): void {
    for (const frame of this.frames()) this.after(WAY_MS, () => this.hear(frame));
  }

  #carryOut(effect: Effect): void {
    switch (effect.t) {
      case 'call':
        this.after(WAY_MS, () => this.#arrive(effect));
        return;
      case 'connect':
        this.#open[effect.socket] = true;
        this.after(CONNECT_MS, () => {
          this.give({ t: 'open', atMs: this.nowMs, socket: effect.socket });
        });
        return;
      case 'disconnect':
        this.#open[effect.socket] = false;
        if (effect.socket === 'private') this.#isSubscribed = false;
        return;
      case 'send':
        this.after(WAY_MS, () => this.#listen(effect.socket, effect.body));
        return;
      case 'timer':
        this.#timerMs = effect.atMs;
        return;
      case 'append':
        this.journal += effect.text;
        return;
      case 'sync':
        this.#sync(effect.seq);
        return;
      case 'alarm':
        if (effect.code === 'journal-diverges') this.#parts.broken(`D2: ${effect.text}`);
        return;
    }
  }

  #arrive({ call, method, path, params }: CallEffect): void {
    const { exchange } = this;
    const body =
      method === 'POST'
        ? exchange.post(this.nowMs, path, params)
        : exchange.get(this.nowMs, path, params);
    this.pump();
    this.after(WAY_MS, () => {
      this.give({ t: 'reply', atMs: this.nowMs, call, status: 200, body });
    });
  }

  #listen(socket: Socket, body: unknown): void {
    if (!this.#open[socket]) return;
    const request = body as { readonly op: string; readonly req_id?: string };
    const { op, req_id = '' } = request;
    if (op === 'subscribe' && socket === 'private') this.#isSubscribed = true;
    const pong = socket === 'private' ? { op: 'pong', req_id } : { ret_msg: 'pong', op, req_id };
    const answer = op === 'ping' ? { success: true, ...pong } : { success: true, op, req_id };
    this.give({ t: 'frame', atMs: this.nowMs, socket, body: answer });
  }

  #sync(seq: number): void {
    const { length } = this.journal;
    this.after(SYNC_MS, () => {
      this.durable = Math.max(this.durable, length);
      this.give({ t: 'synced', atMs: this.nowMs, seq });
    });
  }
}
