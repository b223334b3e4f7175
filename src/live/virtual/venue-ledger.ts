import type { TransportSocket } from '../../brokers/transport.ts';

/** Counts a socket, `trade` always at nothing: orders go by REST where time is moved. */
export type PerSocket = {
  readonly private: number;
  readonly public: number;
  readonly trade: number;
};

/** What has passed over the wire, as both ends count it (docs/emulator.md, virtual time). */
export type VenueLedger = {
  readonly calls: number;
  readonly answers: number;
  readonly attempts: PerSocket;
  readonly open: PerSocket;
  readonly frames: PerSocket;
  readonly sent: PerSocket;
};

export const SOCKETS: readonly TransportSocket[] = ['private', 'public'];

/** One connection of one transport, from the attempt to its end. */
export type Connection = {
  readonly socket: TransportSocket;
  state: 'asked' | 'connecting' | 'open';
  frames: number;
  sent: number;
};

/** Our end of the ledger. */
export class OwnLedger {
  calls = 0;
  answers = 0;
  readonly connections = new Set<Connection>();
  readonly #attempts = { private: 0, public: 0, trade: 0 };

  attempt(connection: Connection): void {
    connection.state = 'connecting';
    this.#attempts[connection.socket] += 1;
  }

  get isConnecting(): boolean {
    for (const { state } of this.connections) if (state !== 'open') return true;
    return false;
  }

  /** As the venue counts: what is open, and what has passed on it. */
  told(): VenueLedger {
    const open = { private: 0, public: 0, trade: 0 };
    const frames = { private: 0, public: 0, trade: 0 };
    const sent = { private: 0, public: 0, trade: 0 };
    for (const { socket, state, ...passed } of this.connections) {
      if (state !== 'open') continue;
      open[socket] += 1;
      frames[socket] += passed.frames;
      sent[socket] += passed.sent;
    }
    const { calls, answers } = this;
    return { calls, answers, attempts: { ...this.#attempts }, open, frames, sent };
  }
}

export function agree(ours: VenueLedger, theirs: VenueLedger): boolean {
  return (
    ours.calls === theirs.calls &&
    ours.answers === theirs.answers &&
    SOCKETS.every((socket) =>
      (['attempts', 'open', 'frames', 'sent'] as const).every(
        (name) => ours[name][socket] === theirs[name][socket],
      ),
    )
  );
}

/** Which counts differ, for whoever waits in vain. */
export function ledgerText(ours: VenueLedger, theirs: VenueLedger): string {
  const lines: string[] = [];
  if (ours.calls !== theirs.calls) lines.push(`calls ${ours.calls}, ${theirs.calls} there`);
  if (ours.answers !== theirs.answers)
    lines.push(`answers ${ours.answers}, ${theirs.answers} there`);
  for (const name of ['attempts', 'open', 'frames', 'sent'] as const)
    for (const socket of SOCKETS) {
      const [here, there] = [ours[name][socket], theirs[name][socket]];
      if (here !== there) lines.push(`${name}.${socket} ${here}, ${there} there`);
    }
  return lines.join('; ');
}
