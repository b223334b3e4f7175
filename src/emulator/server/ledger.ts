import type { Dialect } from '../../venue/host/stream-connection.ts';
import type { Emulation } from '../emulation.ts';

export const DIALECTS: readonly Dialect[] = ['private', 'public', 'trade'];

type PerSocket = Readonly<Record<Dialect, number>>;

/**
 * What has passed over the wire, in counts both ends can keep. When the client's are the same as
 * ours, nothing is on its way: venue time may pass.
 */
export type Ledger = {
  /** REST requests, since the start. */
  readonly calls: number;
  /** Answers to them, cut connections included; those that the venue still owes are not. */
  readonly answers: number;
  /** Attempts to connect, since the start. */
  readonly attempts: PerSocket;
  /** Sockets that are open. */
  readonly open: PerSocket;
  /** Texts from the venue on the sockets that are open, acknowledgements and pongs too. */
  readonly frames: PerSocket;
  /** Texts from the client on the sockets that are open. */
  readonly sent: PerSocket;
};

export function ledgerOf(emulation: Emulation): Ledger {
  const { received, answered } = emulation.calls;
  const traffic = {
    private: emulation.traffic('private'),
    public: emulation.traffic('public'),
    trade: emulation.traffic('trade'),
  };
  const each = (name: 'attempts' | 'open' | 'said' | 'heard'): PerSocket => ({
    private: traffic.private[name],
    public: traffic.public[name],
    trade: traffic.trade[name],
  });
  return {
    calls: received,
    answers: answered,
    attempts: each('attempts'),
    open: each('open'),
    frames: each('said'),
    sent: each('heard'),
  };
}

/** The name of a count in which the two differ; undefined when they agree. */
export function difference(ours: Ledger, theirs: Ledger): string | undefined {
  if (ours.calls !== theirs.calls) return 'calls';
  if (ours.answers !== theirs.answers) return 'answers';
  for (const name of ['attempts', 'open', 'frames', 'sent'] as const)
    for (const dialect of DIALECTS)
      if (ours[name][dialect] !== theirs[name][dialect]) return `${name}.${dialect}`;
  return undefined;
}
