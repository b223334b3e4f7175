import { ORDER_NONE, ROLES_PER_SLOT, ROLE_WORDS, SLOT_STATE_WORDS } from '../engine/codes.ts';
import { gateWords } from '../engine/entry-gate.ts';
import { ORDER_STATES } from '../engine/order-life.ts';
import { DEFAULT_PATIENCE } from '../engine/patience.ts';
import { parseLinkId } from '../brokers/bybit/wire/link-id.ts';
import { decodeJournal } from '../live/journal/decode.ts';
import { encodeHeader } from '../live/journal/encode.ts';
import { JournalReader } from '../live/journal/reader.ts';
import { JOURNAL_FORMAT } from '../live/journal/record.ts';
import type { NumberedRecord } from '../live/journal/record.ts';
import type { SessionOptions } from '../live/session/options.ts';
import type { Input } from '../live/session/protocol.ts';
import { Session } from '../live/session/session.ts';
import type { Belief, Bot, BotMaker } from './bot.ts';
import type { GridCase } from './grid-case.ts';

const DEPLOYMENT = 'labora';
const VERSION = 'laboratory';

/** The session that trades in production, with its journal codec: what the laboratory tests. */
export function productionBot(grid: GridCase): BotMaker {
  const options = productionOptions(grid);
  const reader = new JournalReader({ deployment: DEPLOYMENT });
  return {
    start(journal, unchanged) {
      reader.keep(unchanged);
      const problem = reader.read(journal);
      if (problem !== undefined) return { ok: false, why: problem };
      const session = new Session(options);
      const why = resume(session, reader.records);
      if (why !== undefined) return { ok: false, why };
      const wholeLength = reader.wholeBytes;
      return { ok: true, bot: new SessionBot(session), wholeLength };
    },
    foldWhole(journal) {
      const decoded = decodeJournal(journal, { deployment: DEPLOYMENT });
      if (!decoded.ok) return { ok: false, why: decoded.problem };
      const session = new Session(options);
      session.fold(decoded.records);
      const { divergence } = session;
      if (divergence !== undefined) return { ok: false, why: divergence };
      const wholeLength = decoded.wholeBytes;
      return { ok: true, bot: new SessionBot(session), wholeLength };
    },
    foreignJournal: () =>
      new TextEncoder().encode(
        encodeHeader({
          k: 'header',
          format: JOURNAL_FORMAT,
          deployment: 'others',
          configHash: 'x',
          version: VERSION,
        }),
      ),
  };
}

/** From the last snapshot on; each start writes one. Says why it cannot. */
function resume(session: Session, records: readonly NumberedRecord[]): string | undefined {
  const at = records.findLastIndex(({ k }) => k === 'snapshot');
  const snapshot = records[at];
  if (snapshot === undefined) {
    session.fold(records);
    return undefined;
  }
  const problem = session.restore(snapshot);
  if (problem !== undefined) return `snapshot ${snapshot.n}: ${problem}`;
  session.fold(records.slice(at + 1));
  return undefined;
}

export function productionOptions(grid: GridCase): SessionOptions {
  const limits = { risk: grid.risk, patience: DEFAULT_PATIENCE, capitalMoney: NaN };
  return {
    deployment: DEPLOYMENT,
    configHash: 'laboratory',
    version: VERSION,
    instrument: grid.instrument,
    strategy: grid.strategy,
    setup: grid.setup,
    ...limits,
    config: {
      strategy: grid.strategy.name,
      params: grid.params,
      instrument: grid.instrument.spec,
      ...limits,
    },
  };
}

export class SessionBot implements Bot {
  readonly effects: Bot['effects'];
  readonly belief: Belief;
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
    this.effects = session.effects;
    this.belief = new SessionBelief(session);
  }

  /** Nothing where there is no journal yet: the header comes first. */
  opening(): string {
    return this.#session.lastSeq > 0 ? this.#session.snapshot().text : '';
  }

  handle(input: Input): void {
    this.#session.handle(input);
  }

  digest(): string {
    return this.#session.digest();
  }

  describe(): string {
    return this.#session.describe();
  }
}

class SessionBelief implements Belief {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  get positionSteps(): number {
    return this.#session.engine.ledger.positionSteps;
  }

  get cashMoney(): number {
    return this.#session.engine.ledger.cash();
  }

  get entryMoney(): number {
    return this.#session.engine.ledger.entryValue;
  }

  get unknownOrders(): number {
    const { caution } = this.#session.engine;
    return caution === undefined ? 0 : caution.resolver.unknownCount();
  }

  get isTrading(): boolean {
    const { caution, halted } = this.#session.engine;
    return !halted && caution !== undefined && !caution.recovering && caution.gate.bits === 0;
  }

  get says(): string {
    const { engine } = this.#session;
    const { view, slots, caution, orders } = engine;
    const words: string[] = [`position ${engine.ledger.positionSteps}`];
    for (let slot = 0; slot < view.slotCount; slot += 1) {
      const state = SLOT_STATE_WORDS[slots.slotState[slot] ?? 0] ?? '?';
      words.push(`slot ${slot} ${state} ${view.slotQty[slot] ?? 0}`);
    }
    for (let key = 0; key < orders.keyCount; key += 1) {
      if (orders.state[key] === ORDER_NONE) continue;
      const role = ROLE_WORDS[key % ROLES_PER_SLOT] ?? '?';
      const state = ORDER_STATES[orders.state[key] ?? 0] ?? '?';
      words.push(`${role} of slot ${Math.floor(key / ROLES_PER_SLOT)} ${state}`);
    }
    const held = gateWords(caution?.gate.bits ?? 0);
    if (caution?.recovering === true) held.push('recovering');
    if (held.length > 0) words.push(`entries stopped: ${held.join(' and ')}`);
    return words.join(', ');
  }

  slotSteps(slot: number): number {
    const { view } = this.#session.engine;
    return (view.slotQty[slot] ?? 0) * (view.slotSide[slot] ?? 0);
  }

  /** In the order table, and not believed over. */
  knowsOrder(linkId: string): boolean {
    const link = parseLinkId(linkId);
    if (link === undefined) return false;
    const { orders } = this.#session.engine;
    const orderId = this.#session.links.read(linkId) ?? -1;
    const key = orders.keyOf(orderId);
    return orders.id[key] === orderId && orders.state[key] !== ORDER_NONE;
  }
}
