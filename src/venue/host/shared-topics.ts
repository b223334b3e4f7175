/** Says topics from now on, and no more. */
export type TopicSource = {
  listen(topic: string): boolean;
  forget(topic: string): void;
};

/** Public topics that several connections listen to: each is said while anybody does. */
export class SharedTopics {
  readonly #host: TopicSource;
  readonly #listeners = new Map<string, number>();

  constructor(host: TopicSource) {
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
