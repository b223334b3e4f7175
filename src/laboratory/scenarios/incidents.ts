import {
  EXECUTION_LIST,
  ORDER_AMEND,
  ORDER_CANCEL,
  ORDER_CREATE,
  ORDER_HISTORY,
  ORDER_REALTIME,
} from '../../brokers/bybit/wire/paths.ts';
import type { ScriptedFault } from '../fault-plan.ts';
import type { FaultKind } from '../faults.ts';
import { scenario } from './scenario.ts';
import type { Scenario } from './scenario.ts';

const MINUTE = 60_000;

const on = (fault: FaultKind, target: string, nth = 1, times = 1): ScriptedFault => ({
  fault,
  target,
  nth,
  times,
});
const late = (target: string, delayMs: number, nth = 1, times = 1): ScriptedFault => ({
  fault: 'frameLate',
  target,
  nth,
  times,
  delayMs,
});

/** R1-R11 and the incidents of other systems' public trackers. */
// prettier-ignore
export const SCENARIOS: readonly Scenario[] = [
  scenario('fill-not-yet-listed', 'a fill was real, but no list of executions showed it yet; the bot went flat with a position open',
    'R1: no execution found is unknown, not no; order history is asked, and Filled without executions is asked again',
    { script: [on('frameLost', 'execution', 1, 3), on('replySlow', EXECUTION_LIST, 1, 3)] }),
  scenario('late-stream-fill', 'the fill came on the stream after the fallback had begun to ask',
    'R2: a fallback under way and a late stream event do the same thing once', { script: [late('execution', 12_000, 1, 4)] }),
  scenario('exit-refused', 'an exit was refused, and the bot believed it was pending',
    'R3: an order exists after an accepted ack or a sighting; a refused exit is tried again, later and later', { script: [on('refusal', ORDER_CREATE, 2, 3)] }),
  scenario('exit-throws', 'an HTML page instead of an answer halted the bot with a position open',
    'R4: a failed exit never halts', { script: [on('htmlBefore', ORDER_CREATE, 2, 2)] }),
  scenario('restart-reuses-id', 'after a restart the exit used an id again and was refused as a duplicate',
    'R5: ids are counters, durable before they are sent', { script: [on('crash', `after call ${ORDER_CREATE}`, 2), on('crash', `before call ${ORDER_CREATE}`, 4)] }),
  scenario('order-id-lost', 'the answer with the order id was lost',
    'R6: it is looked up by its link id, then the position is asked', { script: [on('replyLost', ORDER_CREATE, 1, 3), on('frameLost', 'order', 1, 3)] }),
  scenario('answer-without-code', 'an answer without a retCode passed every check',
    'R7: a body that is not an answer is an unknown outcome', { script: [on('bodyCut', ORDER_CREATE, 1, 3)] }),
  scenario('nothing-happens', 'no signal for hours, and nobody could say why',
    'R8: every decision not to act carries its reason; belief says it', { chaosMinutes: 30 }),
  scenario('partial-fills', 'an entry filled lot by lot while its exit was already at work',
    'R11: exits follow the filled quantity, dust joins the next exit', { isThin: true, chaosMinutes: 120 }),
  scenario('timeout-is-no-refusal', 'an order that had timed out was sent again under a new id',
    'a time-out is unknown; only the same id is ever sent again', { script: [on('replyLost', ORDER_CREATE, 1, 2)] }),
  scenario('server-error-after-accept', '10016 came back for an order that was accepted',
    'an error of the server is unknown', { script: [on('busyAfter', ORDER_CREATE, 1, 2), on('htmlAfter', ORDER_CREATE, 3, 2)] }),
  scenario('fill-ingested-late', 'a fill was taken in late and the same entry was sent twice',
    'what may still fill counts as filled', { script: [late('execution', 9_000, 1, 6), late('position', 9_000, 1, 6)] }),
  scenario('funding-is-no-fill', 'a funding row was counted as a fill',
    'only executions that move the position are fills; funding is cash', { chaosMinutes: 190 }),
  scenario('cancel-says-not-open', 'a cancel was told the order is not open; it was forgotten, and its fill with it',
    'an order is closed when the exchange says so and all its fills are in the ledger', { script: [on('requestSlow', ORDER_CANCEL, 1, 4), on('requestSlow', ORDER_AMEND, 2, 3), on('frameLost', 'order', 4, 2)], hasStops: true, chaosMinutes: 120 }),
  scenario('fills-come-twice', 'the same fill was taken in from the stream and from the list',
    'fills are known by their execId', { script: [on('frameTwice', 'execution', 1, 10), on('socketDies', 'execution', 11)], timed: [{ fault: 'socketDies', afterMs: 20 * MINUTE }] }),
  scenario('socket-comes-back', 'after a reconnect nobody subscribed again, and nobody replays what was missed',
    'subscriptions are state, and a gap is read up by REST before the next entry', { timed: [{ fault: 'socketDies', afterMs: 10 * MINUTE }, { fault: 'socketDies', afterMs: 25 * MINUTE }, { fault: 'socketDies', afterMs: 40 * MINUTE }] }),
  scenario('silent-socket', 'a socket stayed open and said nothing for hours',
    'every socket has a watchdog of its own', { timed: [{ fault: 'socketSilent', afterMs: 10 * MINUTE }, { fault: 'socketSilent', afterMs: 30 * MINUTE }] }),
  scenario('subscription-without-ack', 'a subscription was never confirmed, and never worked',
    'an ack that does not come is a broken socket', { script: [on('subscribeMute', 'private subscribe', 1, 2)] }),
  scenario('position-before-fill', 'the bot waited for a fill stamped after the position update',
    'two streams have no order between them', { script: [late('execution', 3_000, 1, 8)] }),
  scenario('send-then-record', 'the process died between sending and recording',
    'an intent is durable before anything is sent', { script: [on('crash', `after call ${ORDER_CREATE}`, 1), on('crash', 'before sync', 40), on('crash', 'after append', 300)] }),
  scenario('not-found-yet', 'an order was not found right after its creation and was sent again',
    'absence needs several reads, spread wider than the exchange is late', { script: [on('replyLost', ORDER_CREATE, 1, 2), on('frameLost', 'order', 1, 4), on('replySlow', ORDER_REALTIME, 2, 3), on('replySlow', ORDER_HISTORY, 1, 3)], timed: [{ fault: 'cacheWiped', afterMs: 5 * MINUTE }] }),
  scenario('older-fill-missed', 'a fill was lost, a newer one moved the cursor past it',
    'the watermark moves only on completed reads', { script: [on('frameLost', 'execution', 1, 1), on('frameLost', 'execution', 3, 1)] }),
  scenario('unheard-word', 'the exchange sent a word nobody knew',
    'it is put aside, entries stop, exits stay', { timed: [{ fault: 'unknownExecution', afterMs: 20 * MINUTE }] }),
  scenario('traded-by-hand', 'somebody traded on the same account',
    'a position that differs stops entries until it agrees', { timed: [{ fault: 'handTrade', afterMs: 15 * MINUTE }] }),
  scenario('banned', 'too many calls, and the address was shut out for ten minutes',
    'no call for ten minutes; the streams go on', { timed: [{ fault: 'ipBan', afterMs: 15 * MINUTE }] }),
  scenario('cut-off', 'nothing came through for minutes',
    'what was in flight is unknown until it is looked up', { timed: [{ fault: 'partition', afterMs: 12 * MINUTE }, { fault: 'partition', afterMs: 35 * MINUTE }] }),
  scenario('clock-jumps', "the clock jumped, and every request was outside its window",
    'time that passes is not the time of day', { timed: [{ fault: 'clockStep', afterMs: 10 * MINUTE }, { fault: 'clockStep', afterMs: 30 * MINUTE }] }),
  scenario('disk-full', 'the journal could not be written',
    'nothing is sent whose intent is not durable', { timed: [{ fault: 'diskFull', afterMs: 15 * MINUTE }] }),
  scenario('crash-everywhere', 'the process died again and again',
    'a start folds the journal and asks before it trades', { script: [1, 2, 3, 4, 5, 6].map((nth) => on('crash', `after call ${ORDER_CREATE}`, nth)) }),
];
