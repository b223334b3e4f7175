import { InputError } from '../engine/invariant.ts';
import { resolveParameters } from '../engine/parameters.ts';
import type { ParameterValue, ParameterValues } from '../engine/parameters.ts';
import type { AnyStrategy, StrategySetup } from '../engine/strategy.ts';
import { findStrategy } from '../strategies/registry.ts';
import type { PreparedRun } from './prepare.ts';

/** A strategy with one full set of parameters, checked against the instrument. */
export type RunSetup = {
  readonly strategy: AnyStrategy;
  readonly params: ParameterValues;
  readonly setup: StrategySetup<unknown>;
};

/** `given` are the spec's parameters or a sweep point's; defaults fill the rest. */
export function setupRun(
  prepared: PreparedRun, given: Readonly<Record<string, ParameterValue>> = prepared.spec.params,
): RunSetup {
  const strategy = findStrategy(prepared.spec.strategy);
  const params = resolveParameters(strategy.name, strategy.parameters, given);
  const setup = strategy.setup(params, prepared.instrument);
  if (setup.needsCapital && Number.isNaN(prepared.capitalMoney)) {
    throw new InputError(
      `${strategy.name} sizes its orders by equity: give a capital with --capital, ` +
        `in ${prepared.instrument.settleCurrency}`,
    );
  }
  return { strategy, params, setup };
}
