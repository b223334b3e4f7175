import {
  KIND_STOP_MARKET,
  ORDER_CANCELLING,
  ROLE_EXIT,
  ROLE_STOP,
  ROLES_PER_SLOT,
} from '../../engine/codes.ts';
import type { Command, CommandSink } from '../../engine/commands.ts';
import { RESEND_UNKNOWN, SOURCE_HISTORY } from '../../engine/doubt-events.ts';
import type { Engine } from '../../engine/engine.ts';
import type { EngineEvent } from '../../engine/events.ts';
import { attachedTo } from '../../engine/order-id.ts';
import type { Instrument } from '../../engine/instrument.ts';
import type { RequestKind } from '../../engine/outcomes.ts';
import {
  ALARM_FORCED,
  ALARM_LATE_FILL,
  ALARM_ORPHAN,
  ALARM_UNKNOWN_FOR_LONG,
  ALARM_UNOWNED,
  ALARM_UNPROTECTED,
} from '../../engine/alarms.ts';
import {
  queryClosedOrders,
  queryExecutions,
  queryOpenOrders,
  queryOrder,
  queryOrderExecutions,
  queryPosition,
  queryVenueOrder,
  queryVenueOrderExecutions,
} from '../../brokers/bybit/wire/queries.ts';
import { encodeAmend, encodeCancel } from '../../brokers/bybit/wire/requests.ts';
import type { WireRequest } from '../../brokers/bybit/wire/requests.ts';
import type { JournalWriter } from './journal-writer.ts';
import type { LinkBook } from './link-book.ts';
import { createRequest } from './order-requests.ts';
import type { Call, Outbox } from './outbox.ts';
import type { AlarmCode } from './protocol.ts';

/** What the engine takes for the venue's no, when the request never left. */
export const RET_DENIED = -1;
const CANCEL_AGAIN_MS = 1_000;
const LOOK_UP_AGAIN_MS = 2_000;
const LOOKED_BACK_MS = 600_000;

export type CommandDeskParts = {
  readonly engine: Engine;
  readonly sink: CommandSink;
  readonly outbox: Outbox;
  readonly links: LinkBook;
  readonly journal: JournalWriter;
  readonly instrument: Instrument;
  readonly tell: (event: EngineEvent) => void;
  readonly alarm: (code: AlarmCode, text: string) => void;
};

const ALARMS: Readonly<Record<number, readonly [AlarmCode, string]>> = {
  [ALARM_UNKNOWN_FOR_LONG]: ['unknown-for-long', 'is still not resolved'],
  [ALARM_ORPHAN]: ['order-orphan', 'stands at the venue and belief does not hold it'],
  [ALARM_UNOWNED]: ['foreign-fill', 'a fill that no order of ours explains'],
  [ALARM_FORCED]: ['forced-fill', 'the exchange itself took or gave lots'],
  [ALARM_LATE_FILL]: ['late-fill', 'filled after it was believed over'],
  [ALARM_UNPROTECTED]: ['unprotected', 'did not come with its entry: own exits take its place'],
};

/** Turns what the engine commands into calls; an order's request leaves after its intent. */
export class CommandDesk {
  readonly #parts: CommandDeskParts;

  constructor(parts: CommandDeskParts) {
    this.#parts = parts;
  }

  carryOut(nowMs: number): void {
    const { sink } = this.#parts;
    if (sink.count === 0) return;
    const commands = sink.list();
    sink.clear();
    for (const command of commands) this.#one(command, nowMs);
  }

  /** A cancel that the venue did not take is sent again: nothing else would be safe. */
  cancelAgain(call: Call, orderId: number, nowMs: number): void {
    const { orders } = this.#parts.engine;
    const key = orders.keyOf(orderId);
    if (orders.id[key] !== orderId || orders.state[key] !== ORDER_CANCELLING) return;
    this.#request('cancel', orderId, call.request, nowMs + CANCEL_AGAIN_MS);
  }

  #one(command: Command, nowMs: number): void {
    const { outbox, links, instrument, engine } = this.#parts;
    const { orderId } = command;
    switch (command.kind) {
      case 'place': {
        if (command.again === true) {
          this.#sendAgain(command, nowMs);
          return;
        }
        const slot = Math.floor(engine.orders.keyOf(orderId) / ROLES_PER_SLOT);
        const cycle = engine.slots.slotCycle[slot] ?? 0;
        const linkId = links.make(orderId, cycle);
        if (command.attached !== undefined)
          for (const role of [ROLE_EXIT, ROLE_STOP])
            links.make(attachedTo(orderId, role, engine.orders.keyCount), cycle);
        this.#write('create', orderId, createRequest(command, linkId, instrument), nowMs);
        return;
      }
      case 'amend': {
        const { priceTicks, qtySteps, attached } = command;
        const stop = engine.orders.kind[engine.orders.keyOf(orderId)] === KIND_STOP_MARKET;
        const name = this.#nameOf(orderId);
        const exits = {
          takeProfitTicks: attached?.takeProfitTicks ?? 0,
          stopLossTicks: attached?.stopTicks ?? 0,
        };
        const limitAtTrigger = name.venueId !== undefined && !stop;
        const change = { ...name, ...exits, priceTicks, qtySteps, stop, limitAtTrigger };
        const request = encodeAmend(change, instrument);
        this.#write('amend', orderId, request, nowMs);
        return;
      }
      case 'cancel':
        this.#request('cancel', orderId, encodeCancel(this.#nameOf(orderId), instrument));
        return;
      case 'queryOrder': {
        const { source } = command;
        const where = source === SOURCE_HISTORY ? 'history' : 'realtime';
        const request = this.#lookUpRequest(orderId, where);
        outbox.add('read', { to: 'lookup', orderId, source }, request, 0);
        return;
      }
      case 'queryExecutions': {
        const request = this.#executionsRequest(orderId, nowMs);
        outbox.add('read', { to: 'executions', orderId }, request, 0);
        return;
      }
      case 'queryPosition':
        outbox.add('read', { to: 'position', orderId }, queryPosition(instrument), 0);
        return;
      case 'alarm': {
        const [code, text] = ALARMS[command.code] ?? ['unknown-for-long', 'alarm'];
        this.#parts.alarm(code, orderId < 0 ? text : `${links.textOf(orderId)} ${text}`);
        return;
      }
    }
  }

  /** R-UNK-13. The request is made of what the first one was made of. */
  #sendAgain(command: Extract<Command, { kind: 'place' }>, nowMs: number): void {
    const { outbox, links, instrument, journal, tell } = this.#parts;
    const { orderId } = command;
    if (outbox.bannedUntilMs > nowMs) {
      tell({ kind: 'resendEnded', timeMs: nowMs, orderId, outcome: RESEND_UNKNOWN });
      return;
    }
    const request = createRequest(command, links.textOf(orderId), instrument);
    outbox.add('create', { to: 'resend', orderId }, request, journal.intent(request));
  }

  /** Asks whose an execution is that no link id explains. */
  lookUp(venueId: string, source: number, tries: number, nowMs: number): void {
    const where = source === SOURCE_HISTORY ? 'history' : 'realtime';
    const request = queryVenueOrder(venueId, where, this.#parts.instrument);
    const notBeforeMs = tries === 0 ? nowMs : nowMs + LOOK_UP_AGAIN_MS;
    this.#parts.outbox.add(
      'read',
      { to: 'stray', venueId, source, tries },
      request,
      0,
      notBeforeMs,
    );
  }

  /** What the venue made anew of a pair that is over. */
  cancelSecond(venueId: string, orderId: number): void {
    const name = { linkId: this.#parts.links.textOf(orderId), venueId };
    this.#parts.alarm('order-orphan', `${name.linkId} came back after its pair was over`);
    this.#request('cancel', orderId, encodeCancel(name, this.#parts.instrument));
  }

  #nameOf(orderId: number): { linkId: string; venueId: string | undefined } {
    const { links } = this.#parts;
    return { linkId: links.textOf(orderId), venueId: links.venueIdOf(orderId) };
  }

  /** An exit that the venue makes itself has no link id, so before it was seen lists are asked. */
  #lookUpRequest(orderId: number, where: 'realtime' | 'history'): WireRequest {
    const { instrument, engine, links } = this.#parts;
    const venueId = links.venueIdOf(orderId);
    if (venueId !== undefined) return queryVenueOrder(venueId, where, instrument);
    if (engine.orders.attached[engine.orders.keyOf(orderId)] !== 1)
      return queryOrder(links.textOf(orderId), where, instrument);
    return where === 'realtime' ? queryOpenOrders(instrument) : queryClosedOrders(instrument);
  }

  #executionsRequest(orderId: number, nowMs: number): WireRequest {
    const { instrument, engine, links } = this.#parts;
    const venueId = links.venueIdOf(orderId);
    if (venueId !== undefined) return queryVenueOrderExecutions(venueId, instrument);
    if (engine.orders.attached[engine.orders.keyOf(orderId)] !== 1)
      return queryOrderExecutions(links.textOf(orderId), instrument);
    return queryExecutions(nowMs - LOOKED_BACK_MS, nowMs + LOOKED_BACK_MS, instrument);
  }

  /** While no call may leave for long, an order is denied: it would go out stale. */
  #write(kind: RequestKind, orderId: number, request: WireRequest, nowMs: number): void {
    const { outbox, tell } = this.#parts;
    if (outbox.bannedUntilMs <= nowMs) this.#request(kind, orderId, request);
    else tell({ kind: 'refusal', timeMs: nowMs, orderId, retCode: RET_DENIED });
  }

  #request(kind: RequestKind, orderId: number, request: WireRequest, notBeforeMs?: number): void {
    const afterSeq = this.#parts.journal.intent(request);
    this.#parts.outbox.add(kind, { to: 'order', orderId }, request, afterSeq, notBeforeMs);
  }
}
