import type { Instrument } from '../engine/instrument.ts';
import { InputError } from '../engine/invariant.ts';
import type { ParameterSpec, ParameterValues } from '../engine/parameters.ts';
import { MS_PER_HOUR } from '../engine/units.ts';

export const ATR_GRID_PARAMETERS: readonly ParameterSpec[] = [
  {
    name: 'multiplier',
    type: 'number',
    default: 2,
    min: 0,
    exclusiveMin: true,
    doc: 'distance between levels, in ATRs',
  },
  {
    name: 'takeProfit',
    type: 'number',
    default: 0.5,
    min: 0,
    exclusiveMin: true,
    doc: 'distance of the exit from the fill, in ATRs of the moment the fill is known',
  },
  {
    name: 'stopLoss',
    type: 'number',
    default: 0,
    min: 0,
    doc: 'distance of the stop from the fill, in ATRs; 0 = off',
  },
  {
    name: 'atrPeriod',
    type: 'integer',
    default: 14,
    min: 1,
    max: 10_000,
    doc: 'candles of the ATR (Wilder)',
  },
  {
    name: 'atrInterval',
    type: 'choice',
    default: '1h',
    choices: ['1m', '3m', '5m', '15m', '30m', '1h', '2h', '4h', '6h', '12h', '1d'],
    doc: 'interval of the ATR candles',
  },
  {
    name: 'qty',
    type: 'number',
    default: 1,
    min: 0,
    exclusiveMin: true,
    doc: "quantity per level, in the instrument's unit",
  },
  {
    name: 'maxLevels',
    type: 'integer',
    default: 1,
    min: 1,
    max: 100,
    doc: 'levels that may hold a position at once',
  },
  {
    name: 'maxHoldHours',
    type: 'number',
    default: 0,
    min: 0,
    doc: 'close at market after this time; 0 = off',
  },
  {
    name: 'cooldownHours',
    type: 'number',
    default: 0,
    min: 0,
    doc: 'no entries for this time after a stop',
  },
  {
    name: 'direction',
    type: 'choice',
    default: 'long',
    choices: ['long', 'short', 'both'],
    doc: 'which side enters; both only with entryStyle on-signal',
  },
  {
    name: 'anchor',
    type: 'choice',
    default: 'last-fill',
    choices: ['last-fill', 'trailing'],
    doc: 'what the first level is measured from',
  },
  {
    name: 'initialEntry',
    type: 'choice',
    default: 'wait',
    choices: ['wait', 'immediate'],
    doc: 'immediate: the first entry is a market order when the warm-up completes',
  },
  {
    name: 'entryStyle',
    type: 'choice',
    default: 'resting',
    choices: ['resting', 'on-signal'],
    doc: 'entries rest at their level, or are sent when the known price reaches it',
  },
  {
    name: 'exitStyle',
    type: 'choice',
    default: 'resting',
    choices: ['resting', 'on-signal'],
    doc: 'the same for exits and stops',
  },
  {
    name: 'signalOrder',
    type: 'choice',
    default: 'market',
    choices: ['market', 'limit'],
    doc: 'what on-signal sends: a market order, or a limit at the level',
  },
  {
    name: 'pendingTimeoutMs',
    type: 'integer',
    default: 10_000,
    min: 1,
    doc: 'a signal limit order is cancelled after this',
  },
  { name: 'postOnly', type: 'boolean', default: false, doc: 'resting entries are post-only' },
  {
    name: 'protect',
    type: 'choice',
    default: 'own',
    choices: ['own', 'attached'],
    doc: 'own: exits are sent when the fill is known; attached: they go with the entry, and the exchange makes them',
  },
];

/** What atr-grid's plan reads; prices in ticks, quantities in steps, times in ms. */
export type AtrGrid = {
  readonly multiplier: number;
  readonly takeProfit: number;
  readonly stopLoss: number;
  readonly qtySteps: number;
  readonly maxLevels: number;
  readonly maxHoldMs: number;
  readonly cooldownMs: number;
  /** +1 long, -1 short, 0 both. */
  readonly direction: number;
  readonly trailing: boolean;
  readonly immediate: boolean;
  readonly restingEntry: boolean;
  readonly restingExit: boolean;
  readonly signalLimit: boolean;
  readonly pendingTimeoutMs: number;
  readonly postOnly: boolean;
  /** Exits come with the entry. */
  readonly attached: boolean;
};

export function compileAtrGrid(params: ParameterValues, instrument: Instrument): AtrGrid {
  const refuse = (text: string): never => {
    throw new InputError(`atr-grid: ${text}`);
  };
  const restingEntry = params.entryStyle === 'resting';
  if (params.direction === 'both' && restingEntry) {
    refuse(
      'direction both needs entryStyle on-signal (two resting sides would hold two positions)',
    );
  }
  if (params.direction === 'both' && params.initialEntry === 'immediate') {
    refuse('initialEntry immediate needs direction long or short');
  }
  if (params.postOnly === true && !restingEntry) refuse('postOnly needs entryStyle resting');
  if (params.protect === 'attached' && params.exitStyle !== 'resting') {
    refuse('protect attached needs exitStyle resting: exits that the exchange makes rest there');
  }
  const maxLevels = Number(params.maxLevels);
  if (Number(params.stopLoss) > 0 && params.exitStyle === 'resting' && maxLevels > 10) {
    refuse(
      'resting stops need maxLevels of 10 or less: the exchange holds 10 conditional orders a symbol',
    );
  }
  return {
    multiplier: Number(params.multiplier),
    takeProfit: Number(params.takeProfit),
    stopLoss: Number(params.stopLoss),
    qtySteps: instrument.parseQty(String(params.qty)),
    maxLevels,
    maxHoldMs: Number(params.maxHoldHours) * MS_PER_HOUR,
    cooldownMs: Number(params.cooldownHours) * MS_PER_HOUR,
    direction: params.direction === 'long' ? 1 : params.direction === 'short' ? -1 : 0,
    trailing: params.anchor === 'trailing',
    immediate: params.initialEntry === 'immediate',
    restingEntry,
    restingExit: params.exitStyle === 'resting',
    signalLimit: params.signalOrder === 'limit',
    pendingTimeoutMs: Number(params.pendingTimeoutMs),
    postOnly: params.postOnly === true,
    attached: params.protect === 'attached',
  };
}
