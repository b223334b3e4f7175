import { GATE_QUARANTINE } from '../../engine/entry-gate.ts';
import type { EngineFeed } from './engine-feed.ts';
import type { AlarmCode } from './protocol.ts';

export type SavedQuarantine = {
  readonly held: readonly string[];
  readonly accepted: readonly string[];
};

/** What was put aside because it could not be read, and what a person has said to pass over. */
export class Quarantine {
  readonly #held = new Set<string>();
  readonly #accepted = new Set<string>();
  readonly #feed: EngineFeed;
  readonly #alarm: (code: AlarmCode, text: string) => void;

  constructor(feed: EngineFeed, alarm: (code: AlarmCode, text: string) => void) {
    this.#feed = feed;
    this.#alarm = alarm;
  }

  /** Alarms and stops entries, but for what a person has accepted; false where that is all. */
  take(problems: readonly string[]): boolean {
    const unheard = problems.filter((problem) => !this.#accepted.has(problem));
    if (unheard.length === 0) return false;
    const news = unheard.filter((problem) => !this.#held.has(problem));
    for (const problem of news) this.#held.add(problem);
    if (news.length > 0) this.#alarm('quarantine', news.join('; '));
    this.#feed.gate(GATE_QUARANTINE, true);
    return true;
  }

  /** A person has seen what is held. */
  accept(): void {
    for (const problem of this.#held) this.#accepted.add(problem);
    this.#held.clear();
  }

  save(): SavedQuarantine {
    return { held: [...this.#held], accepted: [...this.#accepted] };
  }

  load(saved: SavedQuarantine): void {
    this.#held.clear();
    this.#accepted.clear();
    for (const problem of saved.held) this.#held.add(problem);
    for (const problem of saved.accepted) this.#accepted.add(problem);
  }

  /** For the digest. */
  describe(): string {
    return `${[...this.#held].join(' ')}\n${[...this.#accepted].join(' ')}`;
  }
}
