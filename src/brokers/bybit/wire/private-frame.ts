import type { Instrument } from '../../../engine/instrument.ts';
import { positionRecord, walletRecords } from './account-records.ts';
import { controlFrame } from './control-frame.ts';
import type { ControlFrame } from './control-frame.ts';
import { isRow, shown, sound, unsound } from './decoded.ts';
import type { Decoded } from './decoded.ts';
import { executionRecord } from './execution-records.ts';
import { Fields } from './fields.ts';
import { orderRecord } from './order-records.ts';
import { recordList } from './record-list.ts';
import type { ExecutionRecord, OrderRecord, PositionRecord, WalletRecord } from './records.ts';
import { scaleOf } from './scale.ts';

export type PrivateFrame =
  | { readonly kind: 'orders'; readonly records: readonly OrderRecord[] }
  | { readonly kind: 'executions'; readonly records: readonly ExecutionRecord[] }
  | { readonly kind: 'positions'; readonly records: readonly PositionRecord[] }
  | { readonly kind: 'wallet'; readonly records: readonly WalletRecord[] }
  | ControlFrame;

/** A frame of the private stream. Never throws, whatever arrives. */
export function decodePrivateFrame(body: unknown, instrument: Instrument): Decoded<PrivateFrame> {
  if (!isRow(body)) return unsound(`private frame: expected an object, got ${shown(body)}`);
  const control = controlFrame(body);
  if (typeof control === 'string') return unsound(`private frame: ${control}`);
  if (control !== undefined) return { ok: true, value: control };
  const { topic, data } = body;
  if (!Array.isArray(data)) return unsound(`data: expected a list, got ${shown(data)}`);
  const fields = new Fields(scaleOf(instrument));
  const value = topicFrame(topic, data, instrument, fields);
  if (value === undefined) return unsound(`topic: expected a subscribed one, got ${shown(topic)}`);
  return sound(value, fields.problems);
}

function topicFrame(
  topic: unknown,
  data: readonly unknown[],
  instrument: Instrument,
  fields: Fields,
): PrivateFrame | undefined {
  switch (topic) {
    case 'order':
    case 'order.linear':
    case 'order.inverse':
      return {
        kind: 'orders',
        records: recordList(data, 'order', instrument, fields, orderRecord),
      };
    case 'execution':
    case 'execution.linear':
    case 'execution.inverse':
      return { kind: 'executions', records: executionList(data, instrument, fields) };
    case 'position':
    case 'position.linear':
    case 'position.inverse':
      return {
        kind: 'positions',
        records: recordList(data, 'position', instrument, fields, positionRecord),
      };
    case 'wallet':
      return { kind: 'wallet', records: walletRecords(data, fields, instrument.settleCurrency) };
    default:
      return undefined;
  }
}

export function executionList(
  list: readonly unknown[],
  instrument: Instrument,
  fields: Fields,
): ExecutionRecord[] {
  return recordList(list, 'execution', instrument, fields, (row, of) =>
    executionRecord(row, of, instrument.settleCurrency),
  );
}
