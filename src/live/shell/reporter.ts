import { gateWords } from '../../engine/entry-gate.ts';
import type { Effect, Input } from '../session/protocol.ts';
import type { Session } from '../session/session.ts';
import type { LiveLog } from './live-log.ts';
import type { LiveWatch } from './live-process.ts';
import { Refusals } from './refusals.ts';
import { orderLines, positionText } from './status.ts';
import type { ShownAlarm } from './status.ts';

/** So many of the latest alarms are shown. */
const KEPT_ALARMS = 20;

/** Says what happens: what was found before anything is traded, then fills, alarms and gates. */
export class Reporter implements LiveWatch {
  readonly alarms: ShownAlarm[] = [];
  /** Alarms of this run. */
  alarmCount = 0;
  readonly #session: Session;
  readonly #log: LiveLog;
  readonly #also: readonly Pick<LiveWatch, 'acted'>[];
  readonly #refusals = new Refusals();
  #bootMs = NaN;
  #isRecovering = false;
  #positionAtBoot = '';
  #bookedAtBoot = '';
  #alarmsAtBoot = 0;
  #booked = '';
  #gateBits = 0;
  #streams = '';

  constructor(session: Session, log: LiveLog, also: readonly Pick<LiveWatch, 'acted'>[]) {
    this.#session = session;
    this.#log = log;
    this.#also = also;
    this.#booked = bookedBy(session);
  }

  said(line: string): void {
    this.#log.say(line);
    this.#log.info({}, line);
  }

  acted(input: Input, effects: readonly Effect[]): void {
    for (const each of this.#also) each.acted(input, effects);
    if (input.t === 'boot') this.#booted(input.atMs, input.run);
    for (const effect of effects) {
      if (effect.t === 'alarm') this.#alarm(input.atMs, effect.code, effect.text);
      if (effect.t === 'call' && effect.method === 'POST')
        this.#log.info({ call: effect.call, ...effect.params }, effect.path);
    }
    this.#answered(input);
    this.#refusals.sent(effects);
    if (this.#isRecovering) this.#watchRecovery(input.atMs);
    else this.#watchTrading();
    this.#watchStreams();
  }

  #booted(atMs: number, run: number): void {
    this.#bootMs = atMs;
    this.#isRecovering = true;
    this.#positionAtBoot = positionText(this.#session);
    this.#bookedAtBoot = bookedBy(this.#session);
    this.#alarmsAtBoot = this.alarmCount;
    this.said(`run ${run}: asking the venue for orders, executions and position`);
  }

  #watchRecovery(atMs: number): void {
    const session = this.#session;
    const { caution } = session.engine;
    if (caution?.recovering !== false) return;
    this.#isRecovering = false;
    this.#booked = bookedBy(session);
    this.#gateBits = caution.gate.bits;
    const news = this.#booked !== this.#bookedAtBoot;
    const alarms = this.alarmCount - this.#alarmsAtBoot;
    const took = ((atMs - this.#bootMs) / 1000).toFixed(1);
    this.said(
      `recovered in ${took} s: ${positionText(session)}, venue ${session.venueSteps} steps`,
    );
    this.said(
      `  ${news ? `filled meanwhile: it was ${this.#positionAtBoot}` : 'nothing was filled meanwhile'}; alarms: ${alarms}`,
    );
    for (const line of orderLines(session)) this.said(`  ${line}`);
    const held = gateWords(caution.gate.bits);
    if (held.length > 0) this.said(`  entries are stopped: ${held.join(', ')}`);
  }

  #watchTrading(): void {
    const { engine } = this.#session;
    const booked = bookedBy(this.#session);
    if (booked !== this.#booked) {
      this.#booked = booked;
      this.said(`fill: ${positionText(this.#session)}`);
    }
    const bits = engine.caution?.gate.bits ?? 0;
    if (bits === this.#gateBits) return;
    this.#gateBits = bits;
    this.said(
      bits === 0 ? 'entries are open' : `entries are stopped: ${gateWords(bits).join(', ')}`,
    );
  }

  #watchStreams(): void {
    const { streamStates } = this.#session;
    const streams = `private stream ${streamStates.private}, public stream ${streamStates.public}`;
    if (streams === this.#streams) return;
    this.#streams = streams;
    this.#log.info({}, streams);
  }

  #answered(input: Input): void {
    const refusal = this.#refusals.heard(input);
    if (refusal !== undefined) {
      // Tried again and again it says the same; a screen shows it once.
      if (!refusal.isAgain) this.#log.say(refusal.text);
      this.#log.warn({}, refusal.text);
    }
    if (input.t === 'failed') this.#log.warn({ call: input.call, why: input.why }, 'call failed');
    if (input.t === 'close') this.#log.warn({ socket: input.socket }, 'socket closed');
    if (input.t === 'control') this.said(`told to ${input.word}`);
  }

  #alarm(atMs: number, code: string, text: string): void {
    this.alarmCount += 1;
    this.alarms.push({ atMs, code, text });
    if (this.alarms.length > KEPT_ALARMS) this.alarms.shift();
    this.#log.say(`ALARM ${code}: ${text}`);
    this.#log.warn({ alarm: code }, text);
  }
}

/** Changes with every execution that is booked, funding apart. */
function bookedBy({ engine }: Session): string {
  const { positionSteps, entryValue, realised, fees } = engine.ledger;
  return `${positionSteps} ${entryValue} ${realised} ${fees}`;
}
