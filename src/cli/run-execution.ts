import { basename } from 'node:path';
import { loadProfile } from '../feeds/profiles.ts';
import type { ExecutionProfile } from '../venue/execution-profile.ts';
import { decimalValue, thousandthsValue, wholeValue } from './run-values.ts';

export type ExecutionChoice = {
  readonly execution: string;
  readonly through: string | undefined;
  readonly halfSpread: string | undefined;
  readonly slippage: string | undefined;
  readonly participation: string | undefined;
};

export type ChosenExecution = {
  readonly profile: ExecutionProfile;
  /** Of the file the profile came from, before the overrides. */
  readonly source: string;
  readonly sha256: string;
  /** The options that choose it again, by name. */
  readonly options: readonly (readonly [name: string, value: string])[];
};

/**
 * The profile with the overrides in it and in its name: `home+slippage=3`, which as --execution
 * means the same again.
 */
export function chooseExecution(given: ExecutionChoice): ChosenExecution {
  const choice = unfolded(given);
  const { profile, source, sha256 } = loadProfile(choice.execution);
  const { through, halfSpread, slippage, participation } = choice;
  const options: [string, string][] = [];
  let changed = profile;
  const change = (name: string, value: number | 'off', next: ExecutionProfile): void => {
    changed = next;
    options.push([name, String(value)]);
  };
  if (through !== undefined) {
    const ticks = wholeValue('--through', through, 0, 1_000);
    change('through', ticks, { ...changed, throughTicks: ticks });
  }
  if (halfSpread !== undefined) {
    const ticks = thousandthsValue('--half-spread', halfSpread);
    change('half-spread', ticks, { ...changed, halfSpreadTicks: ticks });
  }
  if (slippage !== undefined) {
    const bps = thousandthsValue('--slippage', slippage);
    change('slippage', bps, { ...changed, slippageBps: bps });
  }
  if (participation === 'off') {
    change('participation', 'off', { ...changed, participation: undefined });
  } else if (participation !== undefined) {
    const share = decimalValue('--participation', participation, 0.000001, 1);
    change('participation', share, { ...changed, participation: share });
  }
  const changes = options.map(([name, value]) => `+${name}=${value}`).join('');
  return {
    profile: { ...changed, name: `${profile.name}${changes}` },
    source,
    sha256,
    options: [['execution', basename(choice.execution)], ...options],
  };
}

const CHANGES = /\+(through|half-spread|slippage|participation)=([^+]+)/g;

/** A name with changes as a name and options; options given beside it win. */
function unfolded(given: ExecutionChoice): ExecutionChoice {
  const [name = ''] = given.execution.split('+');
  const changes = new Map([...given.execution.matchAll(CHANGES)].map((match) =>
    [match[1] ?? '', match[2] ?? '']));
  const rest = given.execution.slice(name.length).replaceAll(CHANGES, '');
  if (name === '' || rest !== '' || changes.size === 0) return given;
  return {
    execution: name,
    through: given.through ?? changes.get('through'),
    halfSpread: given.halfSpread ?? changes.get('half-spread'),
    slippage: given.slippage ?? changes.get('slippage'),
    participation: given.participation ?? changes.get('participation'),
  };
}
