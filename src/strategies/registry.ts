import { InputError } from '../engine/invariant.ts';
import { anyStrategy } from '../engine/strategy.ts';
import type { AnyStrategy } from '../engine/strategy.ts';
import { atrGrid } from './atr-grid.ts';
import { buyAndHold } from './buy-and-hold.ts';
import { ladderGrid } from './ladder-grid.ts';
import { smaCross } from './sma-cross.ts';

/** Every strategy the command line knows. A new one is a file and a line here. */
export const STRATEGIES: readonly AnyStrategy[] = [
  anyStrategy(atrGrid),
  anyStrategy(ladderGrid),
  anyStrategy(smaCross),
  anyStrategy(buyAndHold),
];

export function findStrategy(name: string): AnyStrategy {
  const found = STRATEGIES.find((strategy) => strategy.name === name);
  if (found === undefined) {
    throw new InputError(
      `no strategy is called "${name}"; there are ${STRATEGIES.map((each) => each.name).join(', ')}`,
    );
  }
  return found;
}
