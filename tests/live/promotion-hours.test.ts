import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tradingTimeOf } from '../../src/live/deployment/trading-hours.ts';
import type { NumberedRecord } from '../../src/live/journal/record.ts';
import type { ControlWord, Input } from '../../src/live/session/protocol.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** The process's own clock is of no account: it stands still here. */
const atMs = 5;

const boot: Input = { t: 'boot', atMs, run: 1 };
const open: Input = { t: 'open', atMs, socket: 'private' };
const close: Input = { t: 'close', atMs, socket: 'private' };
const answered = (success: boolean): Input => ({
  t: 'frame',
  atMs,
  socket: 'private',
  body: { op: 'subscribe', success, conn_id: 'x', ret_msg: '' },
});
const control = (word: ControlWord): Input => ({ t: 'control', atMs, word });
const tick = (ts: number): Input => ({
  t: 'frame',
  atMs,
  socket: 'public',
  body: { topic: 'tickers.BTCUSD', type: 'delta', ts, data: {} },
});
const begun = [boot, open, answered(true)];

function hours(...inputs: readonly Input[]): number {
  const records = inputs.map((i, at): NumberedRecord => ({ n: at + 1, k: 'in', i }));
  return tradingTimeOf(records).hours;
}

/** Ticks a minute apart over [from, to]. */
function ticks(fromMs: number, toMs: number): Input[] {
  const count = Math.floor((toMs - fromMs) / MINUTE) + 1;
  return Array.from({ length: count }, (_, at) => tick(fromMs + at * MINUTE));
}

describe('hours of trading in a journal', () => {
  it('are exchange time from message to message while the private stream is subscribed', () => {
    expect(hours(...begun, ...ticks(0, 2 * HOUR))).toBe(2);
    const { fromMs, toMs } = tradingTimeOf(
      [...begun, ...ticks(HOUR, 2 * HOUR)].map((i, at) => ({ n: at + 1, k: 'in', i })),
    );
    expect([fromMs, toMs]).toEqual([HOUR, 2 * HOUR]);
  });

  it('are none before the subscription is confirmed, or when it is refused', () => {
    expect(hours(boot, open, ...ticks(0, HOUR))).toBe(0);
    expect(hours(boot, open, answered(false), ...ticks(0, HOUR))).toBe(0);
    expect(hours(...ticks(0, HOUR))).toBe(0);
  });

  it('leave out the time a process was down, though the journal goes on', () => {
    const again = [boot, open, answered(true), ...ticks(9 * HOUR, 10 * HOUR)];
    expect(hours(...begun, ...ticks(0, HOUR), ...again)).toBe(2);
  });

  it('leave out the time the private stream was gone', () => {
    const gone = [close, ...ticks(HOUR + MINUTE, 5 * HOUR), open, answered(true)];
    expect(hours(...begun, ...ticks(0, HOUR), ...gone, ...ticks(5 * HOUR, 6 * HOUR))).toBe(2);
  });

  it('leave out silence of more than five minutes', () => {
    expect(hours(...begun, tick(0), tick(5 * MINUTE))).toBeCloseTo(5 / 60);
    expect(hours(...begun, tick(0), tick(5 * MINUTE + 1))).toBe(0);
    expect(hours(...begun, tick(0), tick(90 * 24 * HOUR))).toBe(0);
  });

  it('leave out the time between a halt and a resume, also over a restart', () => {
    for (const word of ['halt', 'flatten'] as const) {
      const halted = [
        control(word),
        ...ticks(HOUR, 3 * HOUR),
        ...begun,
        ...ticks(3 * HOUR, 4 * HOUR),
      ];
      const resumed = [control('resume'), ...ticks(4 * HOUR, 5 * HOUR)];
      expect(hours(...begun, ...ticks(0, HOUR), ...halted, ...resumed)).toBe(2);
    }
  });

  it('end with a stop and go on with the next start', () => {
    const stopped = [control('stop'), ...ticks(HOUR, 2 * HOUR), ...begun];
    expect(hours(...begun, ...ticks(0, HOUR), ...stopped, ...ticks(2 * HOUR, 3 * HOUR))).toBe(2);
  });

  it('go on from a snapshot where the first files of a journal are gone', () => {
    const state = (bits: number, stream: string): NumberedRecord => ({
      n: 500,
      k: 'snapshot',
      state: { engine: { caution: { gate: { bits } } }, privateStream: { state: stream } },
    });
    const rest = ticks(0, HOUR).map((i, at): NumberedRecord => ({ n: 501 + at, k: 'in', i }));
    expect(tradingTimeOf([state(0, 'subscribed'), ...rest]).hours).toBe(1);
    expect(tradingTimeOf([state(1, 'subscribed'), ...rest]).hours).toBe(0);
    expect(tradingTimeOf([state(0, 'down'), ...rest]).hours).toBe(0);
    // Later ones tell nothing that the records before them did not.
    expect(tradingTimeOf([...rest, state(0, 'subscribed')]).hours).toBe(0);
  });

  it('never exceed the exchange time the journal spans, whatever comes in whatever order', () => {
    const any = fc.oneof(
      fc.integer({ min: 0, max: 3 * HOUR }).map(tick),
      fc.constantFrom(boot, open, close, answered(true), control('halt'), control('resume')),
    );
    fc.assert(
      fc.property(fc.array(any, { maxLength: 60 }), (inputs) => {
        const all = hours(...begun, ...inputs);
        expect(all).toBeGreaterThanOrEqual(0);
        expect(all).toBeLessThanOrEqual(3);
      }),
    );
  });

  it('do not fail on anything a journal may hold', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), (values) => {
        const records = values.map((i, at) => ({ n: at, k: 'in', i }));
        expect(tradingTimeOf(records).hours).toBe(0);
      }),
    );
  });
});
