import {
  EXECUTION_LIST,
  ORDER_AMEND,
  ORDER_CANCEL,
  ORDER_CREATE,
  ORDER_HISTORY,
  ORDER_REALTIME,
  POSITION_LIST,
} from '../brokers/bybit/wire/paths.ts';
import { FAULTS, FAULT_KINDS } from './faults.ts';
import type { FaultKind } from './faults.ts';

const WRITES = [ORDER_CREATE, ORDER_AMEND, ORDER_CANCEL];
const CALLS = [...WRITES, ORDER_REALTIME, ORDER_HISTORY, EXECUTION_LIST, POSITION_LIST];
const TOPICS = ['order', 'execution', 'position', 'wallet'];
const EFFECTS = [
  ...CALLS.map((path) => `call ${path}`),
  'connect',
  'disconnect',
  'send',
  'timer',
  'append',
  'sync',
];

/** Every fault with everything it can strike: what `--coverage` looks for. */
export function possiblePairs(): readonly string[] {
  return FAULT_KINDS.flatMap((kind) => targetsOf(kind).map((target) => `${kind} x ${target}`));
}

function targetsOf(kind: FaultKind): readonly string[] {
  switch (FAULTS[kind].strikes) {
    case 'call':
      return CALLS;
    case 'frame':
      return TOPICS;
    case 'effect':
      return EFFECTS.flatMap((effect) => [`before ${effect}`, `after ${effect}`]);
    case 'sync':
      return ['sync'];
    case 'connection':
      return connectionTargets(kind);
    case 'restart':
      return [kind === 'clockSkew' || kind === 'clockDrift' ? 'start' : 'journal'];
    case 'hour':
      return hourTargets(kind);
  }
}

function connectionTargets(kind: FaultKind): readonly string[] {
  if (kind === 'secretEcho') return ['login'];
  const suffix = kind === 'subscribeMute' ? ' subscribe' : '';
  return [`private${suffix}`, `public${suffix}`];
}

function hourTargets(kind: FaultKind): readonly string[] {
  switch (kind) {
    case 'socketDies':
    case 'socketSilent':
      return ['private', 'public'];
    case 'surfaceStale':
      return ['restOpenOrders', 'restOrderHistory', 'restExecutions', 'restPosition'];
    case 'ipBan':
      return ['calls'];
    case 'partition':
      return ['all'];
    case 'stall':
      return ['process'];
    case 'clockStep':
      return ['clock'];
    case 'diskFull':
      return ['disk'];
    case 'cacheWiped':
      return ['restOpenOrders'];
    case 'handTrade':
      return ['account'];
    case 'unknownExecution':
      return ['execution'];
    default:
      // The price walk has its gaps before the run begins.
      return [];
  }
}
