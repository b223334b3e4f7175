import { Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { order, pause, Probe, KEY, SECRET } from './support/transport-probe.ts';
import { politeStream, WireServer } from './support/wire-server.ts';

let server: WireServer;
let probe: Probe;

beforeEach(async () => {
  server = await WireServer.start(KEY, SECRET);
  probe = new Probe(server);
});

afterEach(async () => {
  await probe.transport.close();
  await server.close();
});

async function opened(socket: 'private' | 'public'): Promise<void> {
  const before = probe.of('open').length;
  probe.transport.connect(socket);
  await probe.until(() => probe.of('open').length > before);
}

const subscription = { op: 'subscribe', req_id: 's1', args: ['order'] };
/** Longer than the SDK waits before it would connect again. */
const SDK_RECONNECTS_MS = 700;

describe('a stream', () => {
  it('signs an auth with the clock of the venue, and sends the rest as it is', async () => {
    server.skewMs = 90_000;
    await opened('private');
    expect(server.last('private').received).toEqual([]);
    probe.transport.send('private', { op: 'auth', req_id: 'private-1' });
    await probe.until(() => probe.frames.length === 1);
    const [auth] = server.messages('private', 'auth');
    expect(auth?.['req_id']).toBe('private-1');
    expect(server.isAuth(auth ?? {})).toBe(true);
    probe.transport.send('private', subscription);
    await probe.until(() => probe.frames.length === 2);
    expect(server.last('private').received[1]).toEqual(subscription);
    expect(probe.frames).toEqual([
      { success: true, ret_msg: '', conn_id: 'c', req_id: 'private-1', op: 'auth' },
      { success: true, ret_msg: '', conn_id: 'c', req_id: 's1', op: 'subscribe' },
    ]);
  });

  it('hands over every frame as it came, pongs and what is no JSON included', async () => {
    await opened('public');
    const { socket } = server.last('public');
    const texts = [
      '{"op":"pong"}',
      '{"success":true,"ret_msg":"pong","op":"ping"}',
      '{"a":[1,',
      '',
    ];
    for (const text of [...texts, '[]', 'null', '"\\ud800"', '{"topic":"x","data":[]}'])
      socket.send(text);
    socket.send(Buffer.from('{"binary":1}'));
    await probe.until(() => probe.frames.length === 9);
    expect(probe.frames).toEqual([
      { op: 'pong' },
      { success: true, ret_msg: 'pong', op: 'ping' },
      '{"a":[1,',
      '',
      [],
      null,
      '\ud800',
      { topic: 'x', data: [] },
      { binary: 1 },
    ]);
    expect(probe.transport.counts.streams.public).toMatchObject({ connections: 1, frames: 9 });
  });

  it('is closed once when the venue ends it, and never comes back by itself', async () => {
    await opened('private');
    server.last('private').socket.terminate();
    await probe.until(() => probe.of('close').length === 1);
    await pause(SDK_RECONNECTS_MS);
    expect(server.of('private')).toHaveLength(1);
    expect(probe.inputs.map(({ t }) => t)).toEqual(['open', 'close']);
  });

  it('is closed once when nobody listens', async () => {
    const lonely = new Probe({ restUrl: 'http://127.0.0.1:1', wsUrl: 'ws://127.0.0.1:1' });
    lonely.transport.connect('public');
    await lonely.until(() => lonely.inputs.length > 0);
    await pause(SDK_RECONNECTS_MS);
    expect(lonely.inputs).toEqual([{ t: 'close', socket: 'public' }]);
    await lonely.transport.close();
  });

  it.each([
    ['invalid UTF-8', Buffer.from([0x81, 0x02, 0xff, 0xfe])],
    ['a frame of the future', Buffer.from([0xf3, 0x00])],
    ['a frame of a gigabyte', Buffer.from([0x81, 0x7f, 0, 0, 0, 0, 0x40, 0, 0, 0])],
    ['random bytes', Buffer.from([0x13, 0x37, 0x00, 0xff, 0x80, 0x91])],
  ])('is closed by %s, and nothing is thrown', async (_, bytes) => {
    await opened('public');
    rawSocketOf(server.last('public').socket).write(bytes);
    await probe.until(() => probe.of('close').length === 1);
    expect(probe.frames).toEqual([]);
  });

  it('hands over nothing after it was disconnected, and nothing is sent on it', async () => {
    await opened('public');
    const { socket, received } = server.last('public');
    probe.transport.disconnect('public');
    probe.transport.send('public', subscription);
    socket.send('{"late":1}');
    await server.until(() => socket.readyState === socket.CLOSED);
    expect(received).toEqual([]);
    expect(probe.inputs).toEqual([{ t: 'open', socket: 'public' }]);
  });

  it('sends nothing that was meant for an earlier connection', async () => {
    await opened('public');
    server.last('public').socket.terminate();
    await probe.until(() => probe.of('close').length === 1);
    probe.transport.send('public', subscription);
    await opened('public');
    probe.transport.send('public', { op: 'ping', req_id: 'p' });
    await probe.until(() => probe.frames.length === 1);
    expect(server.of('public').map(({ received }) => received.map(({ op }) => op))).toEqual([
      [],
      ['ping'],
    ]);
  });

  it('may be opened anew at any moment: one connection stands, its own frames arrive', async () => {
    for (let attempt = 0; attempt < 5; attempt += 1) probe.transport.connect('public');
    await probe.until(() => probe.of('open').length === 1);
    await server.until(
      () => server.of('public').filter(({ socket }) => socket.readyState === 1).length <= 1,
    );
    server.last('public').socket.send('{"mine":1}');
    await probe.until(() => probe.frames.length === 1);
    expect(probe.of('close')).toEqual([]);
  });

  it('whose key is refused says so, as a frame and as a notice, and is not subscribed', async () => {
    server.stream = (message, { socket, name }) => {
      if (message['op'] !== 'auth') politeStream(message, socket, name);
      else socket.send('{"success":false,"ret_msg":"error:USVC1111","op":"auth","conn_id":"c"}');
    };
    await opened('private');
    probe.transport.send('private', { op: 'auth', req_id: 'private-1' });
    await probe.until(() => probe.frames.length === 1);
    expect(probe.frames).toMatchObject([{ op: 'auth', success: false }]);
    expect(probe.notices).toEqual([
      { code: 'auth-refused', text: 'the private stream refused the key' },
    ]);
    expect(server.messages('private', 'subscribe')).toEqual([]);
  });

  it('keeps no process alive once the transport is closed', async () => {
    await opened('private');
    await opened('public');
    probe.transport.connect('public');
    await probe.call(1, order('a'));
    await probe.transport.close();
    const left = process.getActiveResourcesInfo().filter((name) => name === 'Timeout');
    // The runner has timers of its own, so a second round must not add to them.
    const again = new Probe(server);
    again.transport.connect('private');
    await again.until(() => again.of('open').length === 1);
    await again.transport.close();
    const after = process.getActiveResourcesInfo().filter((name) => name === 'Timeout');
    expect(after.length).toBeLessThanOrEqual(left.length);
  });
});

/** To write what no library would send. */
function rawSocketOf(socket: object): Socket {
  const raw: unknown = Reflect.get(socket, '_socket');
  if (!(raw instanceof Socket)) throw new Error('not connected');
  return raw;
}
