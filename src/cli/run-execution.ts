import { basename } from 'node:path';
import { loadProfile } from '../feeds/profiles.ts';
import { InputError } from '../engine/invariant.ts';
import type { ExecutionProfile, QueueAhead } from '../venue/execution-profile.ts';
import { decimalValue, durationValue, thousandthsValue, wholeValue } from './run-values.ts';

export type ExecutionChoice = {
  readonly execution: string;
  readonly through: string | undefined;
  readonly halfSpread: string | undefined;
  readonly slippage: string | undefined;
  readonly participation: string | undefined;
  readonly queue: string | undefined;
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
  const { through, halfSpread, slippage, participation, queue } = choice;
  const options: [string, string][] = [];
  let changed = profile;
  const change = (name: string, value: number | string, next: ExecutionProfile): void => {
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
  if (queue !== undefined) {
    change('queue', queue, { ...changed, queueAhead: queueValue('--queue', queue) });
  }
  const changes = options.map(([name, value]) => `+${name}=${value}`).join('');
  return {
    profile: { ...changed, name: `${profile.name}${changes}` },
    source,
    sha256,
    options: [['execution', basename(choice.execution)], ...options],
  };
}

/** 60s of traded volume, a quantity as 2.5, or never: only trades through the price fill. */
function queueValue(name: string, text: string): QueueAhead {
  if (text === 'never') return { type: 'never' };
  if (/^[\d.]+$/.test(text)) return { type: 'quantity', qty: decimalValue(name, text, 0, 1e12) };
  const ms = durationValue(name, text);
  if (ms > 0 && ms <= 86_400_000) return { type: 'traded', seconds: ms / 1_000 };
  throw new InputError(`${name} ${text} is not a length of time up to a day: write 60s`);
}

const CHANGES = /\+(through|half-spread|slippage|participation|queue)=([^+]+)/g;

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
    queue: given.queue ?? changes.get('queue'),
  };
}
