import { describe, expect, it } from 'vitest';
import { InProcessTransport } from '../../../src/brokers/hosted/in-process-transport.ts';
import type { TransportInput } from '../../../src/brokers/transport.ts';
import { START_MS, hostOf, limit, profile, wanderingTape } from '../../venue/host/rig.ts';

type Body = Record<string, unknown>;

function rig(execution = 'ideal'): {
  transport: InProcessTransport;
  told: { atMs: number; input: TransportInput }[];
  run: (forMs: number) => TransportInput[];
} {
  const told: { atMs: number; input: TransportInput }[] = [];
  let atMs = START_MS;
  const host = hostOf(wanderingTape(10, 4), { execution: profile(execution) });
  const transport = new InProcessTransport(host, (input) => told.push({ atMs, input }));
  const run = (forMs: number): TransportInput[] => {
    const from = told.length;
    const untilMs = transport.nowMs + forMs;
    while (transport.nextMs() <= untilMs)
      transport.advanceTo(untilMs, (nowMs) => {
        atMs = nowMs;
      });
    transport.advanceTo(untilMs, () => undefined);
    return told.slice(from).map(({ input }) => input);
  };
  return { transport, told, run };
}

const create = (
  call: number,
  params: object,
  timeoutMs = 5_000,
): Parameters<InProcessTransport['call']>[0] => ({
  call,
  method: 'POST',
  path: '/v5/order/create',
  params: params as Body,
  timeoutMs,
});

describe('the venue in the process of its client', () => {
  it('R-HST-4 speaks the dialects: login, subscription, pong, then frames of what was subscribed', () => {
    const { transport, run } = rig();
    transport.connect('private');
    expect(run(0)).toEqual([{ t: 'open', socket: 'private' }]);
    transport.send('private', { op: 'subscribe', req_id: 's', args: ['order'] });
    transport.send('private', { op: 'auth', req_id: 'a' });
    transport.send('private', { op: 'subscribe', req_id: 'b', args: ['order', 'execution'] });
    transport.send('private', { op: 'ping', req_id: 'p' });
    const bodies = run(0).map((input) => (input.t === 'frame' ? (input.body as Body) : {}));
    expect(bodies).toMatchObject([
      { success: false, op: 'subscribe', req_id: 's' },
      { success: true, op: 'auth', req_id: 'a' },
      { success: true, op: 'subscribe', req_id: 'b' },
      { op: 'pong', req_id: 'p' },
    ]);
    transport.call(create(1, limit('a', 'Buy', '50100.0', '0.001')));
    const told = run(100);
    expect(
      told.map((input) => (input.t === 'frame' ? (input.body as Body)['topic'] : input.t)),
    ).toEqual(['execution', 'order', 'reply']);
  });

  it('answers each call once: a reply that is later than its caller waits is a timeout', () => {
    const { transport, told, run } = rig('home');
    for (let call = 1; call <= 8; call += 1) {
      const params = limit(`o-${call}`, 'Buy', '49000.0', '0.001');
      transport.call(create(call, params, call % 2 === 0 ? 100 : 9_000));
      run(400);
    }
    run(10_000);
    const ends = told.map(({ input }) => ('call' in input ? [input.call, input.t] : []));
    expect(ends.sort()).toEqual(
      [1, 2, 3, 4, 5, 6, 7, 8].map((call) => [call, call % 2 === 0 ? 'failed' : 'reply']),
    );
  });

  it('tells nothing on a socket that was closed, and nothing of before on a new one', () => {
    const { transport, run } = rig();
    transport.connect('public');
    run(0);
    transport.send('public', { op: 'subscribe', args: ['tickers.BTCUSDT'], req_id: '1' });
    expect(run(5_000).length).toBeGreaterThan(4);
    transport.disconnect('public');
    expect(run(5_000)).toEqual([]);
    transport.connect('public');
    expect(run(5_000)).toEqual([{ t: 'open', socket: 'public' }]);
  });
});
