import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ControlFrame } from '../../src/brokers/bybit/wire/control-frame.ts';
import type { Effect } from '../../src/live/session/protocol.ts';
import { Stream } from '../../src/live/session/stream.ts';

const START_MS = 1_700_000_000_000;
const login = (success: boolean): ControlFrame => ({
  kind: 'control',
  op: 'auth',
  success,
  message: '',
  reqId: '',
});

function privateStream(): { stream: Stream; effects: Effect[] } {
  const effects: Effect[] = [];
  return { stream: new Stream('private', 'BTCUSDT', effects), effects };
}

describe('a stream', () => {
  it('waits longer from loss to loss, up to a quarter of a minute, and not alike at all moments', () => {
    const property = fc.property(
      fc.array(fc.integer({ min: 0, max: 5_000 }), { minLength: 8, maxLength: 12 }),
      (delays) => {
        const { stream } = privateStream();
        let nowMs = START_MS;
        const waits = delays.map((delayMs) => {
          stream.connect(nowMs);
          nowMs += delayMs;
          stream.closed(nowMs);
          const waitMs = stream.dueMs - nowMs;
          nowMs = stream.dueMs;
          return waitMs;
        });
        waits.forEach((waitMs, i) => {
          const longestMs = Math.min(500 * 2 ** i, 15_000);
          expect(waitMs).toBeGreaterThanOrEqual(longestMs / 2);
          expect(waitMs).toBeLessThanOrEqual(longestMs);
        });
      },
    );
    fc.assert(property, { numRuns: 200 });
    const moments = Array.from({ length: 500 }, (_, i) => START_MS + i);
    const waits = moments.map((nowMs) => {
      const { stream } = privateStream();
      stream.connect(nowMs);
      stream.closed(nowMs);
      return stream.dueMs - nowMs;
    });
    expect(new Set(waits).size).toBeGreaterThan(100);
  });

  it('whose login is refused tells a person once, and goes on trying', () => {
    const { stream, effects } = privateStream();
    let nowMs = START_MS;
    const attempt = (success: boolean): void => {
      stream.connect(nowMs);
      stream.opened(nowMs);
      stream.control(login(success), nowMs);
      if (!success) nowMs = stream.dueMs;
    };
    const alarms = (): number => effects.filter(({ t }) => t === 'alarm').length;
    attempt(false);
    attempt(false);
    expect(alarms()).toBe(1);
    expect(effects.filter(({ t }) => t === 'disconnect')).toHaveLength(2);
    attempt(true);
    expect(stream.state).toBe('subscribing');
    stream.closed(nowMs);
    attempt(false);
    expect(alarms()).toBe(2);
  });
});
