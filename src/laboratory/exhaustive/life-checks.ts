import type { OrderTruth } from '../../venue/exchange/records.ts';
import type { Belief } from '../bot.ts';
import type { GridCase } from '../grid-case.ts';
import type { LifeWorld } from './life-world.ts';

const OVER = new Set(['Filled', 'Cancelled', 'Deactivated']);

/** Which rule is broken when all is calm again; undefined where none is. */
export function faultOf(world: LifeWorld, belief: Belief, grid: GridCase): string | undefined {
  const { truth } = world.exchange;
  const { positionSteps } = truth;
  const says = `exchange ${positionSteps}, ${belief.says}`;
  if (Math.abs(positionSteps) > grid.qtySteps) return `S1: ${says}`;
  if (belief.positionSteps !== positionSteps) return `S3: ${says}`;
  if (belief.slotSteps(0) !== positionSteps) return `S4: ${says}`;
  if (belief.cashMoney !== truth.cashMoney) return `S9: cash ${truth.cashMoney}, ${says}`;
  if (belief.unknownOrders > 0) return `L1: ${says}`;
  if (!belief.isTrading) return `L4: ${says}`;
  const live = truth.orders.filter(({ status }) => !OVER.has(status));
  const stranger = live.find(({ orderLinkId }) => !belief.knowsOrder(orderLinkId));
  if (stranger !== undefined) return `S6: ${stranger.orderLinkId} is not known; ${says}`;
  return faultOfOrders(live, positionSteps, grid, says) ?? faultOfJournal(world);
}

/** Nothing doubled, nothing missing: one way in for a flat level, one way out for a held one. */
function faultOfOrders(
  live: readonly OrderTruth[],
  positionSteps: number,
  grid: GridCase,
  says: string,
): string | undefined {
  const texts = live.map(({ orderLinkId }) => orderLinkId).join(' ');
  const leftOf = (role: string): number[] =>
    live
      .filter(({ orderLinkId }) => orderLinkId.includes(`-${role}-`))
      .map(({ qtySteps, filledSteps }) => qtySteps - filledSteps);
  const [entries, exits] = [leftOf('entry'), leftOf('exit')];
  if (entries.length > 1 || exits.length > 1) return `S2: ${texts}; ${says}`;
  const [entry = 0] = entries;
  const [exit = 0] = exits;
  if (Math.abs(positionSteps) + entry > grid.qtySteps) return `S1: ${texts}; ${says}`;
  if (exit !== Math.abs(positionSteps)) return `L3: the way out is ${exit}; ${texts}; ${says}`;
  // A post-only entry whose price has been passed is cancelled as often as it is sent.
  if (positionSteps === 0 && entry === 0 && grid.params['postOnly'] !== true)
    return `L3: no way in; ${says}`;
  return undefined;
}

/** S8. */
function faultOfJournal(world: LifeWorld): string | undefined {
  const live = world.session.digest();
  const folded = world.refolded().digest();
  return folded === live ? undefined : `S8: live ${live}, folded ${folded}`;
}
