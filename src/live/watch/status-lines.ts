import { isoTime } from '../../feeds/csv-time.ts';
import type { LiveStatus } from '../shell/status.ts';

/** How it stands, for a person: the same lines on the terminal and from `lockstep status`. */
export function statusLines(status: LiveStatus): string[] {
  const { position, money, lastFill, liquidation } = status;
  const fill =
    lastFill.price === null || lastFill.atMs === null
      ? 'none'
      : `${lastFill.price} at ${isoTime(lastFill.atMs)}`;
  const orders = status.orders.map(
    ({ role, slot, side, qty, price, filled, state }) =>
      `  ${role} of slot ${slot}: ${side} ${qty} at ${price}, filled ${filled}, ${state}`,
  );
  return [
    headline(status),
    `position ${heldText(position)}, price ${shown(status.price)}, fills ${status.fills}, last ${fill}`,
    `spacing ${shown(status.spacing)}, to the next level ${shown(status.toNextLevel)}, ` +
      `to the exit ${shown(status.toExit)}, to liquidation ${percent(liquidation.distancePercent)}`,
    `realised ${shown(money.realised)}, unrealised ${shown(money.unrealised)}, ` +
      `fees ${shown(money.fees)}, funding ${shown(money.funding)} ${money.settle}`,
    ...stoppedLines(status),
    ...status.slots.map(slotLine),
    `orders: ${orders.length === 0 ? 'none' : orders.length}`,
    ...orders,
    `latency, median ms: ${latencyText(status.latencyMs)}`,
    alarmLine(status),
    ...(status.concessions ?? []),
  ];
}

/** All of it that fits on one line, for a log that is read line by line. */
export function statusLine(status: LiveStatus): string {
  const { position, toNextLevel, toExit, orders, entriesStopped } = status;
  const stopped = entriesStopped.length === 0 ? '' : ` (${entriesStopped.join(', ')})`;
  return (
    `${status.state}${stopped}: ${heldText(position)}, price ${shown(status.price)}, ` +
    `next level ${shown(toNextLevel)} away, exit ${shown(toExit)}, ${orders.length} orders, ` +
    `alarms ${status.alarmCount}`
  );
}

export function heldText({ side, qty, entryPrice }: LiveStatus['position']): string {
  return side === 'flat' ? 'flat' : `${side} ${qty} from ${shown(entryPrice)}`;
}

function headline({ state, symbol, environment, strategy, deployment, version, run }: LiveStatus) {
  const who = deployment === undefined ? '' : `, ${strategy ?? ''} ${deployment} ${version ?? ''}`;
  return `${state} ${symbol} on ${environment}${who}, run ${run}`;
}

function stoppedLines({ entriesStopped, unknownOrders, streams }: LiveStatus): string[] {
  const lines: string[] = [];
  if (entriesStopped.length > 0) lines.push(`entries are stopped: ${entriesStopped.join(', ')}`);
  if (unknownOrders > 0) lines.push(`orders of unknown outcome: ${unknownOrders}`);
  lines.push(`private stream ${streams.private}, public stream ${streams.public}`);
  return lines;
}

function slotLine({ slot, state, reason, reasonSinceMs, level }: LiveStatus['slots'][number]) {
  const since = reasonSinceMs === null ? '' : ` since ${isoTime(reasonSinceMs)}`;
  const where = level === null ? '' : `, level ${level}`;
  return `slot ${slot} ${state}: ${reason}${since}${where}`;
}

function latencyText(latencyMs: LiveStatus['latencyMs']): string {
  const known = Object.entries(latencyMs).filter(([, ms]) => ms !== null);
  return known.length === 0 ? 'none yet' : known.map(([leg, ms]) => `${leg} ${ms}`).join(', ');
}

function alarmLine({ alarmCount, alarms }: LiveStatus): string {
  const last = alarms.at(-1);
  if (last === undefined) return 'alarms of this run: 0';
  const { code, text, atMs } = last;
  return `alarms of this run: ${alarmCount}, the last ${isoTime(atMs)} ${code}: ${text}`;
}

export function shown(value: number | null): string {
  return value === null ? '-' : String(value);
}

function percent(value: number | null): string {
  return value === null ? '-' : `${value} %`;
}
