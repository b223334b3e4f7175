import WebSocket from 'ws';
import { InputError } from '../../engine/invariant.ts';
import type { VenueLedger } from './venue-ledger.ts';

export type Step = {
  readonly t: 'step';
  readonly step: number;
  readonly venueMs: number;
  /** Nothing else is due at this ms: what the client wanted to do by now is to be done. */
  readonly timer: boolean;
  readonly ledger: VenueLedger;
};
export type Told =
  | Step
  | { readonly t: 'arrived'; readonly ledger: VenueLedger }
  | { readonly t: 'end'; readonly venueMs: number };

export type TimeAccess = { readonly controlUrl: string; readonly controlToken: string };

/** The socket to an emulator's control port on which its one client keeps time. */
export class TimeChannel {
  readonly #socket: WebSocket;

  constructor(
    { controlUrl, controlToken }: TimeAccess,
    told: (message: Told) => void,
    failed: (error: Error) => void,
  ) {
    const headers = { Authorization: `Bearer ${controlToken}` };
    this.#socket = new WebSocket(`${controlUrl.replace(/^http/, 'ws')}/time`, { headers });
    this.#socket.on('message', (data) => {
      const message = JSON.parse(String(data)) as Told | { t: 'wrong'; text: string };
      if (message.t === 'wrong') failed(new InputError(`the emulator: ${message.text}`));
      else told(message);
    });
    // The error quotes what was sent with the request.
    this.#socket.on('error', () => {
      failed(new InputError(`the emulator's time at ${controlUrl} cannot be kept: not reached`));
    });
    this.#socket.on('close', (code, reason) => {
      const why = String(reason) === '' ? `closed with ${code}` : String(reason);
      failed(new InputError(`the emulator's time at ${controlUrl} cannot be kept: ${why}`));
    });
  }

  idle(step: number, ledger: VenueLedger, nextTimerMs: number): void {
    const timer = Number.isFinite(nextTimerMs) ? nextTimerMs : null;
    this.#socket.send(JSON.stringify({ t: 'idle', step, ledger, nextTimerMs: timer }));
  }

  close(): void {
    this.#socket.removeAllListeners('close');
    this.#socket.removeAllListeners('error');
    this.#socket.on('error', () => undefined);
    this.#socket.terminate();
  }
}
