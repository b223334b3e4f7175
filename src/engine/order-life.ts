import { InvariantError } from './invariant.ts';

/** The belief about one order; a state's place in this list is its code (codes.ts, ORDER_*). */
export const ORDER_STATES = [
  'none',
  'sent',
  'live',
  'amending',
  'cancelling',
  'draining',
  'ending',
  'unknown',
  'awaited',
] as const;
export type OrderState = (typeof ORDER_STATES)[number];

/** What can happen to an order; an event's place in this list is its code (LIFE_*). */
export const LIFE_EVENTS = [
  /** Our own acts, possible only where the table has an entry. */
  ['send', 'the engine asks for the order'],
  ['amend', 'the engine asks for another price or quantity'],
  ['cancel', 'the engine asks for its end'],
  ['attach', 'the engine asks for it with the entry whose fills it is to close'],
  /** What the world says, possible at any time. */
  ['ack', 'the request in flight was accepted'],
  ['refuse', 'the request in flight was refused'],
  ['gone', 'a change was refused because the order is over or not there'],
  ['unknown', 'nobody knows what became of the request in flight'],
  ['seen', 'a surface shows the order open'],
  ['stands', 'a read after the fence shows it open: the request in flight came to nothing'],
  ['fill', 'an execution, not the last'],
  ['filled', 'an execution that completes the quantity'],
  ['ended', 'the venue says it is over; executions are missing'],
  ['drained', 'the venue says it is over and all its executions are here'],
  ['fenced', 'absent everywhere, after the fence: it never existed'],
  ['cleared', 'the other of its pair has closed the lots: the venue ends it'],
  ['dropped', 'its entry came to nothing, and it with it'],
] as const;
export type LifeEvent = (typeof LIFE_EVENTS)[number][0];

const IMPOSSIBLE = 'IMPOSSIBLE';
type Cell = OrderState | typeof IMPOSSIBLE;

/** Every state has an entry for every event: a missing cell does not compile. */
export const ORDER_LIFE: Readonly<Record<OrderState, Readonly<Record<LifeEvent, Cell>>>> = {
  none: {
    send: 'sent',
    amend: IMPOSSIBLE,
    cancel: IMPOSSIBLE,
    attach: 'awaited',
    ack: 'none',
    refuse: 'none',
    gone: 'none',
    unknown: 'none',
    seen: 'none',
    stands: 'live',
    fill: 'none',
    filled: 'none',
    ended: 'none',
    drained: 'none',
    fenced: IMPOSSIBLE,
    cleared: 'none',
    dropped: 'none',
  },
  sent: {
    send: IMPOSSIBLE,
    amend: IMPOSSIBLE,
    cancel: IMPOSSIBLE,
    attach: IMPOSSIBLE,
    ack: 'live',
    refuse: 'none',
    gone: 'none',
    unknown: 'unknown',
    seen: 'sent',
    stands: 'sent',
    fill: 'sent',
    filled: 'none',
    ended: 'draining',
    drained: 'none',
    fenced: IMPOSSIBLE,
    cleared: 'sent',
    dropped: 'sent',
  },
  live: {
    send: IMPOSSIBLE,
    amend: 'amending',
    cancel: 'cancelling',
    attach: IMPOSSIBLE,
    ack: 'live',
    refuse: 'live',
    gone: 'live',
    unknown: 'live',
    seen: 'live',
    stands: 'live',
    fill: 'live',
    filled: 'none',
    ended: 'draining',
    drained: 'none',
    fenced: 'none',
    cleared: 'ending',
    dropped: 'live',
  },
  amending: {
    send: IMPOSSIBLE,
    amend: IMPOSSIBLE,
    cancel: IMPOSSIBLE,
    attach: IMPOSSIBLE,
    ack: 'live',
    refuse: 'live',
    gone: 'ending',
    unknown: 'amending',
    seen: 'amending',
    stands: 'live',
    fill: 'amending',
    filled: 'none',
    ended: 'draining',
    drained: 'none',
    fenced: 'none',
    cleared: 'ending',
    dropped: 'amending',
  },
  cancelling: {
    send: IMPOSSIBLE,
    amend: IMPOSSIBLE,
    cancel: IMPOSSIBLE,
    attach: IMPOSSIBLE,
    ack: 'ending',
    refuse: 'live',
    gone: 'ending',
    unknown: 'ending',
    seen: 'cancelling',
    stands: 'cancelling',
    fill: 'cancelling',
    filled: 'none',
    ended: 'draining',
    drained: 'none',
    fenced: IMPOSSIBLE,
    cleared: 'ending',
    dropped: 'cancelling',
  },
  draining: {
    send: IMPOSSIBLE,
    amend: IMPOSSIBLE,
    cancel: IMPOSSIBLE,
    attach: IMPOSSIBLE,
    ack: 'draining',
    refuse: 'draining',
    gone: 'draining',
    unknown: 'draining',
    seen: 'draining',
    stands: 'draining',
    fill: 'draining',
    filled: 'none',
    ended: 'draining',
    drained: 'none',
    fenced: IMPOSSIBLE,
    cleared: 'draining',
    dropped: 'draining',
  },
  ending: {
    send: IMPOSSIBLE,
    amend: IMPOSSIBLE,
    cancel: IMPOSSIBLE,
    attach: IMPOSSIBLE,
    ack: 'ending',
    refuse: 'ending',
    gone: 'ending',
    unknown: 'ending',
    seen: 'ending',
    stands: 'live',
    fill: 'ending',
    filled: 'none',
    ended: 'draining',
    drained: 'none',
    fenced: 'none',
    cleared: 'ending',
    dropped: 'ending',
  },
  unknown: {
    send: IMPOSSIBLE,
    amend: IMPOSSIBLE,
    cancel: IMPOSSIBLE,
    attach: IMPOSSIBLE,
    ack: 'live',
    refuse: 'none',
    gone: 'unknown',
    unknown: 'unknown',
    seen: 'live',
    stands: 'live',
    fill: 'live',
    filled: 'none',
    ended: 'draining',
    drained: 'none',
    fenced: 'none',
    cleared: 'unknown',
    dropped: 'unknown',
  },
  awaited: {
    send: IMPOSSIBLE,
    amend: IMPOSSIBLE,
    cancel: IMPOSSIBLE,
    attach: IMPOSSIBLE,
    ack: 'awaited',
    refuse: 'awaited',
    gone: 'awaited',
    unknown: 'awaited',
    seen: 'live',
    stands: 'live',
    fill: 'live',
    filled: 'none',
    ended: 'draining',
    drained: 'none',
    fenced: 'none',
    cleared: 'awaited',
    dropped: 'none',
  },
};

const codeOf = (event: LifeEvent): number => LIFE_EVENTS.findIndex(([name]) => name === event);
export const LIFE_SEND = codeOf('send');
export const LIFE_AMEND = codeOf('amend');
export const LIFE_CANCEL = codeOf('cancel');
export const LIFE_ATTACH = codeOf('attach');
export const LIFE_ACK = codeOf('ack');
export const LIFE_REFUSE = codeOf('refuse');
export const LIFE_GONE = codeOf('gone');
export const LIFE_UNKNOWN = codeOf('unknown');
export const LIFE_SEEN = codeOf('seen');
export const LIFE_STANDS = codeOf('stands');
export const LIFE_FILL = codeOf('fill');
export const LIFE_FILLED = codeOf('filled');
export const LIFE_ENDED = codeOf('ended');
export const LIFE_DRAINED = codeOf('drained');
export const LIFE_FENCED = codeOf('fenced');
export const LIFE_CLEARED = codeOf('cleared');
export const LIFE_DROPPED = codeOf('dropped');

/** Row length: a power of two, so that a look-up is one shift and one load. */
const ROW_BITS = 5;
const NEVER = 255;
const NEXT = new Uint8Array(ORDER_STATES.length << ROW_BITS).fill(NEVER);
ORDER_STATES.forEach((state, row) => {
  LIFE_EVENTS.forEach(([event], column) => {
    const next = ORDER_LIFE[state][event];
    if (next !== IMPOSSIBLE) NEXT[(row << ROW_BITS) + column] = ORDER_STATES.indexOf(next);
  });
});

/** The state after an event; what cannot happen stops the run. */
export function nextOrderState(state: number, event: number): number {
  const next = NEXT[(state << ROW_BITS) + event];
  if (next === undefined || next === NEVER)
    throw new InvariantError(
      `order: ${LIFE_EVENTS[event]?.[0]} in state ${ORDER_STATES[state]} is impossible`,
    );
  return next;
}
