import { Instrument } from '../engine/instrument.ts';
import type { InstrumentSpec } from '../engine/instrument.ts';
import { InputError, InvariantError } from '../engine/invariant.ts';
import { riskLimitsOf } from '../engine/risk-options.ts';
import { nodeDisk } from '../live/journal-files/journal-disk.ts';
import { locateJournal } from '../live/journal-files/locate.ts';
import { readSegments } from '../live/journal-files/read-segments.ts';
import type { EarlierStep } from '../live/deployment/evidence.ts';
import type { Deployment, DeploymentBody } from '../live/deployment/manifest.ts';
import { partHash } from '../live/deployment/part-hash.ts';
import { readDeployment } from '../live/deployment/read-deployment.ts';
import { TradingClock } from '../live/deployment/trading-hours.ts';
import type { TradingTime } from '../live/deployment/trading-hours.ts';
import { DECIDING_ROOMS } from '../live/program-code.ts';

/** Where the step before is: its manifest, and the folder of its journal. */
export type EarlierPlaces = {
  readonly after: string | undefined;
  readonly journal: string | undefined;
};

/** Parts in which a bot may not differ from the one that was tried; limits may be narrower. */
const SAME_PARTS = ['strategy', 'parameters', 'instrument', 'capital', 'leverage'] as const;

export type Candidate = Pick<
  DeploymentBody,
  (typeof SAME_PARTS)[number] | 'risk' | 'code' | 'candles'
>;

/** The step before, read and found to be of one piece. */
export type EarlierRead = { readonly before: Deployment; readonly time: TradingTime | undefined };

/** Reads the step before; undefined: none was named. Refuses what does not belong together. */
export function readEarlier({ after, journal }: EarlierPlaces): EarlierRead | undefined {
  if (after === undefined) {
    if (journal === undefined) return undefined;
    throw new InputError('--journal belongs to a deployment: name its manifest with --after FILE');
  }
  const before = readDeployment(after);
  if (before.environment === 'mainnet') {
    throw new InputError(`--after ${after} is a mainnet deployment: no step comes after it`);
  }
  return { before, time: journal === undefined ? undefined : tradingTime(journal, before) };
}

/** What it says of what is to be promoted. */
export function earlierStepOf(
  read: EarlierRead | undefined,
  candidate: Candidate,
): EarlierStep | null {
  if (read === undefined) return null;
  const { before, time } = read;
  const { environment, deployment, sha256 } = before;
  if (environment === 'mainnet')
    throw new InvariantError(`mainnet ${deployment} is no step before`);
  return {
    environment,
    deployment,
    sha256,
    tradingHours: time?.hours ?? 0,
    journalFromMs: time?.fromMs ?? null,
    journalToMs: time?.toMs ?? null,
    differences: differences(before, candidate),
  };
}

/** Refuses a journal that the manifest did not begin. */
function tradingTime(dir: string, before: Deployment): TradingTime {
  const paths = locateJournal(dir);
  const clock = new TradingClock();
  for (const { path, header, records } of readSegments(nodeDisk, paths, before.deployment)) {
    if (header !== undefined && header.configHash !== before.sha256) {
      throw new InputError(
        `${path}: was begun by another manifest (${header.configHash.slice(0, 12)}) than --after ` +
          `(${before.sha256.slice(0, 12)}): give the manifest that traded it`,
      );
    }
    for (const record of records) clock.add(record);
  }
  return clock.time;
}

function differences(before: Deployment, now: Candidate): string[] {
  const parts = SAME_PARTS.filter((part) => partHash(before[part]) !== partHash(now[part]));
  const rooms = DECIDING_ROOMS.filter((room) => before.code.rooms[room] !== now.code.rooms[room]);
  const found: string[] = [...parts];
  if (before.candles.interval !== now.candles.interval) found.push('candles');
  if (before.code.hash !== now.code.hash) {
    found.push(rooms.length === 0 ? 'packages' : `code of ${rooms.join(' ')}`);
  }
  return [...found, ...widerLimits(before, now)];
}

/** A limit may become narrower on the way, never wider. */
function widerLimits(before: Deployment, now: Candidate): string[] {
  const instrument = new Instrument(now.instrument as InstrumentSpec);
  const [was, is] = [riskLimitsOf(before.risk, instrument), riskLimitsOf(now.risk, instrument)];
  return Object.keys(is)
    .filter((name) => is[name as keyof typeof is] > was[name as keyof typeof was])
    .map((name) => `wider ${name}`);
}
