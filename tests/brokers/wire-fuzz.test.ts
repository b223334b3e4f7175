import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Decoded } from '../../src/brokers/bybit/wire/decoded.ts';
import { decodePrivateFrame } from '../../src/brokers/bybit/wire/private-frame.ts';
import { decodePublicFrame } from '../../src/brokers/bybit/wire/public-frame.ts';
import { decodeReply } from '../../src/brokers/bybit/wire/reply.ts';
import { Instrument } from '../../src/engine/instrument.ts';
import {
  EXECUTION_ROW,
  INVERSE_POSITION_ROW,
  listAnswer,
  okAnswer,
  ORDER_ROW,
  topicFrame,
  TRANSACTION_ROW,
  WALLET_ROW,
} from '../fixtures/bybit-messages.ts';
import type { Json, JsonRow } from '../fixtures/bybit-messages.ts';
import { BTCUSD, BTCUSDT } from '../fixtures/instruments.ts';
import {
  EXECUTION_FIELDS,
  MAY_BE_ABSENT,
  ORDER_FIELDS,
  POSITION_FIELDS,
  TRANSACTION_FIELDS,
} from './support/field-types.ts';
import type { DocumentedType, FieldTypes } from './support/field-types.ts';

const linear = new Instrument(BTCUSDT);
const inverse = new Instrument(BTCUSD);

const orders = (row: JsonRow): Decoded<unknown> =>
  decodePrivateFrame(topicFrame('order', row), linear);
const executions = (row: JsonRow): Decoded<unknown> =>
  decodePrivateFrame(topicFrame('execution', row), linear);
const positions = (row: JsonRow): Decoded<unknown> =>
  decodeReply('/v5/position/list', listAnswer('inverse', row), inverse);
const transactions = (row: JsonRow): Decoded<unknown> =>
  decodeReply('/v5/account/transaction-log', okAnswer({ list: [row] }), linear);

const tables: [string, JsonRow, FieldTypes, (row: JsonRow) => Decoded<unknown>][] = [
  ['order', ORDER_ROW, ORDER_FIELDS, orders],
  ['execution', EXECUTION_ROW, EXECUTION_FIELDS, executions],
  ['position', INVERSE_POSITION_ROW, POSITION_FIELDS, positions],
  ['transaction', TRANSACTION_ROW, TRANSACTION_FIELDS, transactions],
];

const SAMPLES: Readonly<Record<'string' | 'integer' | 'flag' | 'other', readonly Json[]>> = {
  string: ['12.3', 'word'],
  integer: [0, 12, 1.5, -1],
  flag: [true, false],
  other: [null, [], {}, ['1'], { a: 1 }],
};

/** Values of every JSON type but the documented one. */
function wrongValues(documented: DocumentedType): Json[] {
  const right = documented === 'sequence' ? 'integer' : documented;
  return Object.entries(SAMPLES).flatMap(([type, values]) => (type === right ? [] : values));
}

function without(row: JsonRow, name: string): JsonRow {
  return Object.fromEntries(Object.entries(row).filter(([field]) => field !== name));
}

describe.each(tables)('a record of kind %s', (_, row, types, decode) => {
  it('is accepted as documented', () => {
    expect(decode(row)).toMatchObject({ ok: true, value: {} });
  });

  it('is refused when a field it is read from has another JSON type', () => {
    for (const [name, type] of Object.entries(types)) {
      for (const value of wrongValues(type)) {
        expect([name, value, decode({ ...row, [name]: value }).ok]).toEqual([name, value, false]);
      }
    }
  });

  it('is refused when a field it is read from is missing', () => {
    for (const name of Object.keys(types)) {
      expect([name, decode(without(row, name)).ok]).toEqual([name, MAY_BE_ABSENT.has(name)]);
    }
  });

  it('does not care for any other field', () => {
    const whole = decode(row);
    for (const name of Object.keys(row)) {
      if (name in types || name === 'category') continue;
      for (const value of wrongValues('string')) {
        expect([name, decode({ ...row, [name]: value })]).toEqual([name, whole]);
      }
    }
  });
});

const messages: JsonRow[] = [
  topicFrame('order', ORDER_ROW, ORDER_ROW),
  topicFrame('execution', EXECUTION_ROW, EXECUTION_ROW),
  topicFrame('position', { ...INVERSE_POSITION_ROW, symbol: 'BTCUSDT', size: '0.3' }),
  topicFrame('wallet', WALLET_ROW),
  listAnswer('linear', ORDER_ROW),
  listAnswer('linear', EXECUTION_ROW),
  okAnswer({ list: [TRANSACTION_ROW] }),
  okAnswer({ list: [WALLET_ROW] }),
  okAnswer({ orderId: 'a', orderLinkId: 'b' }),
  { topic: 'tickers.BTCUSDT', ts: 1, data: { symbol: 'BTCUSDT', lastPrice: '1.0' } },
  { success: true, ret_msg: '', op: 'subscribe', conn_id: 'c', req_id: 's' },
];

const PATHS = ['/v5/order/create', '/v5/order/realtime', '/v5/execution/list', '/v5/position/list'];
const ACCOUNT_PATHS = ['/v5/account/wallet-balance', '/v5/account/transaction-log'];
const decoders: ((body: unknown) => Decoded<unknown>)[] = [
  (body) => decodePrivateFrame(body, linear),
  (body) => decodePublicFrame(body, linear),
  ...[...PATHS, ...ACCOUNT_PATHS].map((path) => (body: unknown) => decodeReply(path, body, linear)),
];

const nastyText = fc.oneof(
  fc.string(),
  fc.constantFrom('', '0', '-1', '1e9', '0E-8', 'NaN', '__proto__', '9007199254740993', '0.00001'),
);
const nasty: fc.Arbitrary<unknown> = fc.oneof(
  nastyText,
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom(undefined, NaN, Infinity, -0, 1n, Symbol.iterator),
);

/** A copy with one value, anywhere in it, replaced. */
function mutated(value: unknown, pick: () => number, by: unknown): unknown {
  if (typeof value !== 'object' || value === null) return by;
  const names = Object.keys(value);
  const at = pick() % (names.length + 1);
  const name = names[at];
  if (name === undefined) return by;
  const copy: unknown = structuredClone(value);
  const inner = (copy as Record<string, unknown>)[name];
  (copy as Record<string, unknown>)[name] = mutated(inner, pick, by);
  return copy;
}

/** Every number in what was decoded is whole, or a candle's volume; no value is undefined. */
function onlySoundValues(value: unknown, name = ''): void {
  if (typeof value === 'number' && name !== 'volume') {
    if (!Number.isSafeInteger(value)) throw new Error(`${name} is ${value}`);
  }
  if (value === undefined) throw new Error(`${name} is undefined`);
  if (typeof value === 'object' && value !== null) {
    for (const [field, inner] of Object.entries(value)) onlySoundValues(inner, field);
  }
}

function check(body: unknown): void {
  for (const decode of decoders) {
    const frame = decode(body);
    if (frame.ok) onlySoundValues(frame.value);
    else {
      const [problem] = frame.problems;
      if (problem === undefined || problem.includes('\n')) throw new Error(`problem ${problem}`);
      if (frame.sound !== undefined) onlySoundValues(frame.sound);
    }
  }
}

describe('whatever arrives', () => {
  it('a message with a value replaced is decoded to sound values, or refused', () => {
    const picks = fc.array(fc.nat({ max: 60 }), { minLength: 6, maxLength: 6 });
    fc.assert(
      fc.property(fc.constantFrom(...messages), picks, nasty, (message, order, by) => {
        let turn = 0;
        check(mutated(message, () => order[turn++ % order.length] ?? 0, by));
      }),
      { numRuns: 3000 },
    );
  });

  it('any value at all is decoded or refused, and nothing throws', () => {
    fc.assert(
      fc.property(fc.anything({ withBigInt: true, withDate: true, withMap: true }), check),
      { numRuns: 1000 },
    );
  });

  it('a message cut anywhere, and parsed as far as it can be, is refused or decoded', () => {
    for (const message of messages) {
      const text = JSON.stringify(message);
      for (let end = 0; end < text.length; end += 1) check(parsed(text.slice(0, end)));
    }
  });
});

/** What the shell hands over: JSON, or the text where it is none. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
