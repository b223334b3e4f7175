import { Socket } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resultOf } from '../../src/brokers/bybit/checks/answer.ts';
import {
  accountLines,
  feeLines,
  positionLines,
} from '../../src/brokers/bybit/checks/account-check.ts';
import { mayStart } from '../../src/brokers/bybit/checks/check-line.ts';
import { instrumentLines } from '../../src/brokers/bybit/checks/instrument-check.ts';
import { keyLines } from '../../src/brokers/bybit/checks/key-check.ts';
import { venueMsOf } from '../../src/brokers/bybit/clock-offset.ts';
import { bodyOf, redactor } from '../../src/brokers/bybit/redaction.ts';
import { Secret } from '../../src/brokers/bybit/secret.ts';
import { tradeFrame } from '../../src/brokers/bybit/trade-messages.ts';
import { decodeKlinePage } from '../../src/brokers/bybit/wire/kline-page.ts';
import { decodePrivateFrame } from '../../src/brokers/bybit/wire/private-frame.ts';
import { decodePublicFrame } from '../../src/brokers/bybit/wire/public-frame.ts';
import { decodeReply } from '../../src/brokers/bybit/wire/reply.ts';
import { Instrument } from '../../src/engine/instrument.ts';
import { EXECUTION_ROW, listAnswer, ORDER_ROW, topicFrame } from '../fixtures/bybit-messages.ts';
import { BTCUSDT } from '../fixtures/instruments.ts';
import { GOOD } from './support/startup-answers.ts';
import { KEY, Probe, SECRET } from './support/transport-probe.ts';
import { WireServer } from './support/wire-server.ts';

const instrument = new Instrument(BTCUSDT);
const redact = redactor({ key: new Secret(KEY), secret: new Secret(SECRET) });

/** Everything that reads what a socket or an answer brought, from its text on. */
function readAll(text: string): void {
  const body = bodyOf(redact(text));
  decodePrivateFrame(body, instrument);
  decodePublicFrame(body, instrument);
  for (const path of ['/v5/order/realtime', '/v5/execution/list', '/v5/order/create', '/x'])
    decodeReply(path, body, instrument);
  decodeKlinePage(body, instrument);
  tradeFrame(body);
  venueMsOf(body);
  const found = resultOf(body);
  keyLines(found, 0);
  instrumentLines(found, instrument);
  feeLines(found, instrument, false);
  accountLines(found, instrument, 'isolated');
  positionLines(found, instrument, 'cross');
}

const MESSAGES: readonly string[] = [
  JSON.stringify(topicFrame('order', ORDER_ROW)),
  JSON.stringify(topicFrame('execution', EXECUTION_ROW)),
  JSON.stringify(listAnswer('linear', ORDER_ROW)),
  ...Object.values(GOOD).map((answer) => JSON.stringify({ ...answer, time: 1 })),
  '{"topic":"kline.1.BTCUSDT","ts":1,"data":[{"start":60000,"open":"1.0","high":"1.0","low":"1.0","close":"1.0","volume":"1","confirm":true}]}',
  '{"retCode":0,"result":{"list":[["60000","1.0","1.0","1.0","1.0","1","1"]]},"time":1}',
  '{"reqId":"r","retCode":0,"op":"order.create","data":{"orderId":"a"},"header":{"Timenow":"1"}}',
  '{"success":false,"ret_msg":"error:already subscribed","op":"subscribe"}',
];

describe('whatever a socket or an answer brings', () => {
  it('is read without an exception: bytes of any kind', () => {
    const property = fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) =>
      readAll(Buffer.from(bytes).toString('utf8')),
    );
    fc.assert(property, { numRuns: 1_000 });
  });

  it('is read without an exception: messages cut, and with a piece of another in them', () => {
    const message = fc.constantFrom(...MESSAGES);
    const at = fc.double({ min: 0, max: 1, noNaN: true });
    const property = fc.property(
      message,
      at,
      at,
      message,
      fc.string(),
      (text, a, b, other, junk) => {
        const [from, to] = [Math.floor(a * text.length), Math.floor(b * other.length)];
        readAll(text.slice(0, from));
        readAll(text.slice(0, from) + other.slice(to));
        readAll(text.slice(0, from) + junk + text.slice(from));
        readAll(JSON.stringify(JSON.parse(text)).replace(/"[^"]*"/, JSON.stringify(junk)));
      },
    );
    fc.assert(property, { numRuns: 1_000 });
  });

  it('is read without an exception: JSON of any shape in the place of any part', () => {
    const property = fc.property(
      fc.constantFrom(...MESSAGES),
      fc.nat(),
      fc.jsonValue(),
      (text, which, value) => {
        let seen = 0;
        const put = (part: unknown): unknown => {
          seen += 1;
          if (seen - 1 === which % 25) return value;
          if (Array.isArray(part)) return part.map(put);
          if (typeof part !== 'object' || part === null) return part;
          return Object.fromEntries(
            Object.entries(part).map(([name, field]) => [name, put(field)]),
          );
        };
        readAll(JSON.stringify(put(JSON.parse(text))));
      },
    );
    fc.assert(property, { numRuns: 1_000 });
  });

  it('lets no key pass that is not wholly understood', () => {
    const property = fc.property(fc.jsonValue(), (value) => {
      const lines = keyLines(resultOf(value), 0);
      expect(mayStart(lines)).toBe(false);
      const permissions = { retCode: 0, result: { readOnly: 0, permissions: value } };
      expect(mayStart(keyLines(resultOf(permissions), 0))).toBe(false);
    });
    fc.assert(property, { numRuns: 500 });
  });

  it('as raw bytes on an open socket ends the connection at worst; the next one works', async () => {
    const server = await WireServer.start(KEY, SECRET);
    const probe = new Probe(server);
    const sample = fc.sample(fc.uint8Array({ minLength: 2, maxLength: 60 }), {
      numRuns: 40,
      seed: 5,
    });
    for (const bytes of sample) {
      const opened = probe.of('open').length;
      probe.transport.connect('private');
      await probe.until(() => probe.of('open').length > opened);
      const { socket } = server.last('private');
      const raw: unknown = Reflect.get(socket, '_socket');
      if (raw instanceof Socket) raw.end(Buffer.from(bytes));
      const closed = probe.of('close').length;
      await probe.until(() => probe.of('close').length > closed);
    }
    expect(probe.of('close')).toHaveLength(sample.length);
    await probe.transport.close();
    await server.close();
  });
});

describe('a flood of public messages', () => {
  it('loses no private one, and every message is counted', async () => {
    const server = await WireServer.start(KEY, SECRET);
    const probe = new Probe(server);
    probe.transport.connect('private');
    probe.transport.connect('public');
    await probe.until(() => probe.of('open').length === 2);
    const [PUBLIC, PRIVATE] = [20_000, 200];
    for (let i = 0; i < PUBLIC; i += 1) {
      server.last('public').socket.send(`{"topic":"tickers.BTCUSDT","ts":${i},"data":{}}`);
      if (i % (PUBLIC / PRIVATE) === 0)
        server.last('private').socket.send(`{"topic":"execution","id":"${i}","data":[]}`);
    }
    const { streams } = probe.transport.counts;
    await probe.until(() => streams.public.frames === PUBLIC && streams.private.frames === PRIVATE);
    const heard = probe.of('frame').filter(({ socket }) => socket === 'private');
    expect(heard.map(({ body }) => (body as { id: string }).id)).toEqual(
      Array.from({ length: PRIVATE }, (_, i) => String((i * PUBLIC) / PRIVATE)),
    );
    await probe.transport.close();
    await server.close();
  });
});
