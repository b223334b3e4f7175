import { shown } from './decoded.ts';
import type { Row } from './decoded.ts';
import type { StreamOp } from './stream-requests.ts';

/** An answer to what we sent on a socket, whichever of Bybit's three dialects it came in. */
export type ControlFrame = {
  readonly kind: 'control';
  readonly op: ControlOp;
  readonly success: boolean;
  readonly message: string;
  /** Echo of ours; empty where the venue leaves it out. */
  readonly reqId: string;
};
export type ControlOp = Exclude<StreamOp, 'ping'> | 'pong';

const OPS: readonly string[] = ['auth', 'subscribe', 'unsubscribe'];

/** Undefined where the frame is no control frame; a text where it is one, but not a sound one. */
export function controlFrame(body: Row): ControlFrame | string | undefined {
  const op = body['op'];
  if (op === undefined) return undefined;
  const reqId = body['req_id'] ?? body['reqId'] ?? '';
  if (typeof reqId !== 'string') return `req_id: expected a string, got ${shown(reqId)}`;
  if (op === 'pong' || (op === 'ping' && body['ret_msg'] === 'pong')) {
    return { kind: 'control', op: 'pong', success: true, message: '', reqId };
  }
  if (typeof op !== 'string' || !OPS.includes(op))
    return `op: expected a known one, got ${shown(op)}`;
  const message = body['ret_msg'] ?? body['retMsg'] ?? '';
  if (typeof message !== 'string') return `ret_msg: expected a string, got ${shown(message)}`;
  const success = succeeded(body, message);
  if (success === undefined) return `${op}: neither success nor retCode says how it went`;
  return { kind: 'control', op: op as ControlOp, success, message, reqId };
}

/** To subscribe twice, or to authenticate twice, changes nothing: it is done. */
function succeeded(body: Row, message: string): boolean | undefined {
  const { success, retCode } = body;
  if (typeof success === 'boolean')
    return success || message.startsWith('error:already subscribed');
  if (typeof retCode === 'number') return retCode === 0 || retCode === REPEATED_AUTH;
  return undefined;
}

const REPEATED_AUTH = 20001;
