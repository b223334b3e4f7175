import { isRow } from '../../brokers/bybit/wire/decoded.ts';
import type { Input } from './protocol.ts';

/** Codes whose texts may quote the request, key and all. */
const FIRST_TRADING_CODE = 30_000;

/** Only what may be written down, and is acted on. */
export function spokenInput(input: Input): Input {
  if (input.t === 'frame') return { ...input, body: spokenFrame(input.body) };
  if (input.t === 'reply') return { ...input, body: spokenReply(input.body) };
  return input;
}

/**
 * What may be written down of an answer or a frame. A venue may echo what it was sent, signature
 * included, so only fields that cannot hold it are taken over; the session acts on the same copy.
 */
export function spokenReply(body: unknown): unknown {
  if (!isRow(body)) return null;
  const { retCode, retMsg, result, time } = body;
  const trading = typeof retCode === 'number' && retCode >= FIRST_TRADING_CODE;
  return trading ? { retCode, retMsg, result, time } : { retCode, result, time };
}

export function spokenFrame(body: unknown): unknown {
  if (!isRow(body)) return null;
  const { op, success, req_id, retCode, topic, type, ts, data } = body;
  if (op === undefined) return { topic, type, ts, data };
  const text = body['ret_msg'];
  const known = text === 'pong' || (typeof text === 'string' && text.startsWith('error:already'));
  return { op, success, req_id, retCode, ...(known ? { ret_msg: text } : {}) };
}
