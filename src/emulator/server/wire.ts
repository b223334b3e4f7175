import type { ServerResponse } from 'node:http';
import type { WebSocket } from 'ws';
import type { Delivery } from '../delivery.ts';

/** A reader that is this far behind is cut off, as the venue does. */
const MOST_BUFFERED_BYTES = 16 * 1024 * 1024;

/** The open ends: carries deliveries out, in order. */
export class Wire {
  /** Told before anything of a batch is carried out. */
  beforeBatch: () => void = () => undefined;
  readonly #responses = new Map<number, ServerResponse>();
  readonly #sockets = new Map<number, WebSocket>();
  #requests = 0;

  /** Gives the number that the answer will name. */
  addRequest(response: ServerResponse): number {
    this.#requests += 1;
    const number = this.#requests;
    this.#responses.set(number, response);
    response.on('close', () => this.#responses.delete(number));
    return number;
  }

  addSocket(number: number, socket: WebSocket): void {
    this.#sockets.set(number, socket);
  }

  dropSocket(number: number): void {
    this.#sockets.delete(number);
  }

  carry(deliveries: readonly Delivery[]): void {
    if (deliveries.length === 0) return;
    this.beforeBatch();
    for (const delivery of deliveries) this.#carryOne(delivery);
  }

  close(): void {
    for (const socket of this.#sockets.values()) socket.terminate();
    for (const response of this.#responses.values()) response.destroy();
    this.#sockets.clear();
    this.#responses.clear();
  }

  #carryOne(delivery: Delivery): void {
    switch (delivery.t) {
      case 'respond': {
        const response = this.#responses.get(delivery.http);
        const { status, headers, body } = delivery;
        const type = body.startsWith('<') ? 'text/html' : 'application/json; charset=utf-8';
        response?.writeHead(status, { 'Content-Type': type, ...headers });
        response?.end(body);
        return;
      }
      case 'cut':
        this.#responses.get(delivery.http)?.destroy();
        return;
      case 'say': {
        const socket = this.#sockets.get(delivery.socket);
        if (socket === undefined) return;
        if (socket.bufferedAmount > MOST_BUFFERED_BYTES) socket.terminate();
        else socket.send(delivery.text);
        return;
      }
      case 'close':
        this.#sockets.get(delivery.socket)?.terminate();
        this.#sockets.delete(delivery.socket);
        return;
    }
  }
}
