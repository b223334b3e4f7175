import type { CallFailure } from '../transport.ts';
import type { StreamKind } from './stream-connection.ts';

/** What has gone through a transport since it was made: numbers to watch it by, never contents. */
export type TransportCounts = {
  calls: number;
  /** Not yet answered. */
  inFlight: number;
  replies: number;
  readonly failed: Record<CallFailure, number>;
  readonly streams: Record<StreamKind, StreamCounts>;
};

export type StreamCounts = {
  connections: number;
  frames: number;
  /** UTF-16 units: bytes, for what Bybit sends. */
  bytes: number;
  /** Of the connection that is open; 0 once it is over. */
  framesOfConnection: number;
};

export function noCounts(): TransportCounts {
  const stream = (): StreamCounts => ({
    connections: 0,
    frames: 0,
    bytes: 0,
    framesOfConnection: 0,
  });
  return {
    calls: 0,
    inFlight: 0,
    replies: 0,
    failed: { timeout: 0, reset: 0, refused: 0 },
    streams: { private: stream(), public: stream(), trade: stream() },
  };
}
