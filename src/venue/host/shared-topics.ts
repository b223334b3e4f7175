import type { VenueHost } from './venue-host.ts';

/** Public topics that several connections listen to: each is said while anybody does. */
export class SharedTopics {
  readonly #host: VenueHost;
  readonly #listeners = new Map<string, number>();

  constructor(host: VenueHost) {
    this.#host = host;
  }

  listen(topic: string): boolean {
    if (!this.#host.listen(topic)) return false;
    this.#listeners.set(topic, (this.#listeners.get(topic) ?? 0) + 1);
    return true;
  }

  forget(topic: string): void {
    const left = (this.#listeners.get(topic) ?? 0) - 1;
    if (left > 0) this.#listeners.set(topic, left);
    else if (this.#listeners.delete(topic)) this.#host.forget(topic);
  }
}
