import { describe, expect, it } from 'vitest';
import type { Effect, Input } from '../../src/live/session/protocol.ts';
import { Refusals } from '../../src/live/shell/refusals.ts';

const CREATE = '/v5/order/create';

function sent(refusals: Refusals, call: number, method: 'GET' | 'POST' = 'POST'): void {
  const effect: Effect = { t: 'call', call, method, path: CREATE, params: {}, timeoutMs: 1 };
  refusals.sent([effect]);
}

function reply(call: number, retCode: number, retMsg: string): Input {
  return { t: 'reply', atMs: 1, call, status: 200, body: { retCode, retMsg, result: {} } };
}

describe('what the exchange refuses', () => {
  it('is told in its own words, and as said again until something is taken', () => {
    const refusals = new Refusals();
    const text = `the exchange refuses ${CREATE}: 110007 no balance`;
    const told = [1, 2, 3, 4].map((call) => {
      sent(refusals, call);
      return refusals.heard(call === 3 ? reply(call, 0, 'OK') : reply(call, 110007, 'no balance'));
    });
    expect(told).toEqual([
      { text, isAgain: false },
      { text, isAgain: true },
      undefined,
      { text, isAgain: false },
    ]);
  });

  it('is no question that found nothing, and no answer that did not come', () => {
    const refusals = new Refusals();
    sent(refusals, 1, 'GET');
    sent(refusals, 2);
    expect(refusals.heard(reply(1, 110001, 'order not exists'))).toBeUndefined();
    expect(refusals.heard({ t: 'failed', atMs: 1, call: 2, why: 'timeout' })).toBeUndefined();
    expect(refusals.heard(reply(9, 10001, 'unknown call'))).toBeUndefined();
  });
});
