import { z } from 'zod';
import { SURFACES } from '../../venue/exchange/options.ts';
import type { Emulation } from '../emulation.ts';
import { WIRE_FAULT_KINDS } from '../faults/fault-kinds.ts';
import type { WireFault } from '../faults/fault-kinds.ts';
import { DIALECTS } from './ledger.ts';
import type { VenueClock } from './venue-clock.ts';
import type { Wire } from './wire.ts';

export type ControlParts = {
  readonly emulation: Emulation;
  readonly clock: VenueClock;
  readonly wire: Wire;
  readonly wallMs: () => number;
};

/** One command: what its body must be, and what it does. */
type Command = (body: unknown, parts: ControlParts) => void;

function command<Shape extends z.ZodRawShape>(
  shape: Shape,
  act: (body: z.infer<z.ZodObject<Shape>>, parts: ControlParts) => void,
): Command {
  const schema = z.strictObject(shape);
  return (body, parts) => {
    act(schema.parse(body) as z.infer<z.ZodObject<Shape>>, parts);
  };
}

const decimal = z.string().regex(/^\d+(\.\d+)?$/);

export const COMMANDS: Readonly<Record<string, Command>> = {
  pause: command({}, (_body, { clock }) => {
    clock.pause(true);
  }),
  resume: command({}, (_body, { clock }) => {
    clock.pause(false);
  }),
  speed: command({ speed: z.number().min(0.001).max(1e6) }, ({ speed }, { clock }) => {
    clock.setSpeed(speed);
  }),
  fault: command(
    {
      fault: z.enum(WIRE_FAULT_KINDS as [WireFault, ...WireFault[]]),
      target: z.string().optional(),
      delayMs: z.int().min(0).optional(),
    },
    ({ fault, target, delayMs }, { emulation, wire }) => {
      wire.carry(emulation.inject(fault, target ?? '', delayMs));
    },
  ),
  trade: command(
    { side: z.enum(['Buy', 'Sell']), qty: decimal },
    ({ side, qty }, { emulation: { host } }) => {
      host.tradeByHand((side === 'Buy' ? 1 : -1) * host.market.instrument.parseQty(qty));
    },
  ),
  execution: command(
    { execType: z.string(), qty: decimal },
    ({ execType, qty }, { emulation: { host } }) => {
      host.injectExecution(execType, host.market.instrument.parseQty(qty));
    },
  ),
  spike: command({ price: decimal }, ({ price }, { emulation: { host } }) => {
    host.spike(host.market.instrument.parsePrice(price));
  }),
  restart: command({}, (_body, { emulation, wire }) => {
    wire.carry(emulation.inject('cacheWiped', '', undefined));
  }),
  stall: command(
    { surface: z.enum(SURFACES), forMs: z.int().min(1) },
    ({ surface, forMs }, { emulation }) => {
      emulation.stall(surface, forMs);
    },
  ),
  key: command({ changes: z.record(z.string(), z.unknown()) }, ({ changes }, { emulation }) => {
    emulation.changeKey(changes);
  }),
};

export function statusOf({ emulation, clock, wallMs }: ControlParts): object {
  const { host } = emulation;
  const { instrument } = host.market;
  const { positionSteps, orders, executions } = host.truth;
  const open = orders.filter(({ status }) => !OVER.includes(status));
  return {
    symbol: instrument.symbol,
    venueMs: host.nowMs,
    endMs: host.endMs,
    isOver: host.nowMs >= host.endMs,
    wallMs: wallMs(),
    mode: clock.mode,
    speed: clock.mode === 'virtual' ? null : clock.speed,
    isPaused: clock.isPaused,
    lastPrice: instrument.formatPrice(host.market.lastTicks),
    position: `${positionSteps < 0 ? '-' : ''}${instrument.formatQty(Math.abs(positionSteps))}`,
    orders: orders.length,
    openOrders: open.length,
    executions: executions.length,
    calls: { received: emulation.calls.received, answered: emulation.calls.answered },
    sockets: Object.fromEntries(DIALECTS.map((each) => [each, emulation.traffic(each)])),
    faults: emulation.faultCounts,
  };
}

const OVER: readonly string[] = ['Filled', 'Cancelled', 'Deactivated'];
