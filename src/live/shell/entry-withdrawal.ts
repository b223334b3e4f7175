import { ORDER_NONE, ROLE_ENTRY, ROLES_PER_SLOT } from '../../engine/codes.ts';
import { encodeCancel } from '../../brokers/bybit/wire/requests.ts';
import type { Transport, TransportInput } from '../../brokers/transport.ts';
import type { Session } from '../session/session.ts';

/** Above every number that a session has given. */
const FIRST_CALL = 1_000_000_000;
const TIMEOUT_MS = 4_000;

/** Link ids of entries that may exist at the venue. */
export function standingEntries({ engine, links }: Session): string[] {
  const { orders } = engine;
  const found: string[] = [];
  for (let key = ROLE_ENTRY; key < orders.keyCount; key += ROLES_PER_SLOT) {
    if (orders.state[key] !== ORDER_NONE) found.push(links.textOf(orders.id[key] ?? -1));
  }
  return found;
}

/**
 * The last resort of a process that cannot go on: cancels its entries by their ids, without a
 * journal. A cancel opens nothing, and the next start finds out by looking. Exits are left alone.
 */
export class EntryWithdrawal {
  readonly #session: Session;
  readonly #transport: Transport;
  readonly #done: (said: string) => void;
  readonly #awaited = new Set<number>();
  #asked = 0;
  #confirmed = 0;
  #isOver = false;

  constructor(session: Session, transport: Transport, done: (said: string) => void) {
    this.#session = session;
    this.#transport = transport;
    this.#done = done;
  }

  begin(): void {
    const linkIds = standingEntries(this.#session);
    this.#asked = linkIds.length;
    for (let at = 0; at < linkIds.length; at += 1) this.#awaited.add(FIRST_CALL + at);
    for (const [at, linkId] of linkIds.entries()) {
      const { method, path, params } = encodeCancel(linkId, this.#session.instrument);
      const call = FIRST_CALL + at;
      this.#transport.call({ call, method, path, params, timeoutMs: TIMEOUT_MS });
    }
    this.#endIfAnswered();
  }

  hear(input: TransportInput): void {
    if (input.t !== 'reply' && input.t !== 'failed') return;
    if (!this.#awaited.delete(input.call)) return;
    if (input.t === 'reply' && input.status === 200) this.#confirmed += 1;
    this.#endIfAnswered();
  }

  giveUp(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const { positionSteps } = this.#session.engine.ledger;
    const held = positionSteps === 0 ? 'flat' : `position ${positionSteps} steps, exits left alone`;
    this.#done(`cancels answered for ${this.#confirmed} of ${this.#asked} entries, ${held}`);
  }

  #endIfAnswered(): void {
    if (this.#awaited.size === 0) this.giveUp();
  }
}
