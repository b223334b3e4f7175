import type { Instrument } from '../../../engine/instrument.ts';
import { candleProblem } from './candle-shape.ts';
import { controlFrame } from './control-frame.ts';
import type { ControlFrame } from './control-frame.ts';
import { isRow, shown, sound, unsound } from './decoded.ts';
import type { Decoded, Row } from './decoded.ts';
import { Fields } from './fields.ts';
import { recordList } from './record-list.ts';
import type { CandleRecord, TradeRecord } from './records.ts';
import { scaleOf } from './scale.ts';

/** The venue's time is `atMs`. A ticker's delta carries only what changed. */
export type PublicFrame =
  | TickerFrame
  | { readonly kind: 'trades'; readonly atMs: number; readonly records: readonly TradeRecord[] }
  | {
      readonly kind: 'candles';
      readonly atMs: number;
      readonly interval: string;
      readonly records: readonly CandleRecord[];
    }
  | ControlFrame;

export type TickerFrame = {
  readonly kind: 'ticker';
  readonly atMs: number;
  /** 0 = unchanged. */
  readonly lastTicks: number;
  /** As written: marks and indices need not lie on a tick. Empty = unchanged. */
  readonly markPrice: string;
  readonly indexPrice: string;
  /** Of the settlement that comes next. Empty = unchanged. */
  readonly fundingRate: string;
};

/** A frame of the public stream. Never throws, whatever arrives. */
export function decodePublicFrame(body: unknown, instrument: Instrument): Decoded<PublicFrame> {
  if (!isRow(body)) return unsound(`public frame: expected an object, got ${shown(body)}`);
  const control = controlFrame(body);
  if (typeof control === 'string') return unsound(`public frame: ${control}`);
  if (control !== undefined) return { ok: true, value: control };
  const fields = new Fields(scaleOf(instrument)).enter(body, 'frame', 0);
  const atMs = fields.whole('ts');
  if (!fields.sound) return { ok: false, problems: fields.problems, sound: undefined };
  const value = topicFrame(body, atMs, instrument, fields);
  return typeof value === 'string' ? unsound(value) : sound(value, fields.problems);
}

function topicFrame(
  body: Row,
  atMs: number,
  instrument: Instrument,
  fields: Fields,
): PublicFrame | string {
  const { topic, data } = body;
  const [name, interval = '', symbol] = parts(topic);
  if (symbol !== instrument.symbol)
    return `topic: expected one of ${instrument.symbol}, got ${shown(topic)}`;
  if (name === 'tickers') {
    if (!isRow(data)) return `data: expected an object, got ${shown(data)}`;
    return tickerFrame(atMs, fields.enter(data, 'ticker', 0), data);
  }
  if (!Array.isArray(data)) return `data: expected a list, got ${shown(data)}`;
  if (name === 'publicTrade') {
    return {
      kind: 'trades',
      atMs,
      records: recordList(data, 'trade', instrument, fields, tradeRecord),
    };
  }
  if (name !== 'kline') return `topic: expected a subscribed one, got ${shown(topic)}`;
  const records = recordList(data, 'kline', instrument, fields, candleRecord);
  return { kind: 'candles', atMs, interval, records };
}

/** `tickers.S`, `publicTrade.S`, `kline.I.S` as name, interval, symbol. */
function parts(topic: unknown): readonly [string, string?, string?] {
  if (typeof topic !== 'string') return [''];
  const [name = '', second = '', third] = topic.split('.');
  return third === undefined ? [name, '', second] : [name, second, third];
}

function tickerFrame(atMs: number, fields: Fields, data: Row): TickerFrame {
  return {
    kind: 'ticker',
    atMs,
    lastTicks: data['lastPrice'] === undefined ? 0 : fields.price('lastPrice'),
    markPrice: fields.textOrAbsent('markPrice'),
    indexPrice: fields.textOrAbsent('indexPrice'),
    fundingRate: fields.textOrAbsent('fundingRate'),
  };
}

function tradeRecord(_row: Row, fields: Fields): TradeRecord {
  return {
    timeMs: fields.whole('T'),
    side: fields.side('S'),
    priceTicks: fields.price('p'),
    qtySteps: fields.qty('v'),
  };
}

function candleRecord(_row: Row, fields: Fields): CandleRecord {
  const record: CandleRecord = {
    openTimeMs: fields.whole('start'),
    openTicks: fields.price('open'),
    highTicks: fields.price('high'),
    lowTicks: fields.price('low'),
    closeTicks: fields.price('close'),
    volume: Number(fields.id('volume')),
    closed: fields.flag('confirm'),
  };
  if (!(record.volume >= 0)) fields.problem('volume', 'a decimal in a string');
  const { openTicks, highTicks, lowTicks, closeTicks } = record;
  const problem = candleProblem(openTicks, highTicks, lowTicks, closeTicks);
  if (problem !== undefined) fields.problem('high', problem);
  return record;
}
