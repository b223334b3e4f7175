import { isRow } from '../../brokers/bybit/wire/decoded.ts';
import type { AlarmCode, Effect, Input } from '../session/protocol.ts';
import type { Onlooker } from './onlooker.ts';

type Outcome = 'accepted' | 'refused' | 'timeout' | 'reset' | 'lost';

/** What has happened since the process began, as counters that only grow. */
export class MeterBook implements Onlooker {
  readonly alarms = new Map<AlarmCode, number>();
  /** By path and outcome. */
  readonly calls = new Map<string, Map<Outcome, number>>();
  readonly frames = { private: 0, public: 0 };
  readonly closes = { private: 0, public: 0 };
  candles = 0;
  readonly #paths = new Map<number, string>();

  acted(input: Input, effects: readonly Effect[]): void {
    this.#heard(input);
    for (const effect of effects) {
      if (effect.t === 'alarm')
        this.alarms.set(effect.code, (this.alarms.get(effect.code) ?? 0) + 1);
      if (effect.t === 'call') this.#paths.set(effect.call, effect.path);
    }
  }

  #heard(input: Input): void {
    if (input.t === 'frame') this.frames[input.socket] += 1;
    else if (input.t === 'close') this.closes[input.socket] += 1;
    else if (input.t === 'candle') this.candles += 1;
    else if (input.t === 'failed') {
      this.#over(input.call, input.why === 'refused' ? 'lost' : input.why);
    } else if (input.t === 'reply') {
      const isAccepted = input.status === 200 && isRow(input.body) && input.body['retCode'] === 0;
      this.#over(input.call, isAccepted ? 'accepted' : 'refused');
    }
  }

  #over(call: number, outcome: Outcome): void {
    const path = this.#paths.get(call);
    if (path === undefined) return;
    this.#paths.delete(call);
    const counts = this.calls.get(path) ?? new Map<Outcome, number>();
    this.calls.set(path, counts.set(outcome, (counts.get(outcome) ?? 0) + 1));
  }
}
