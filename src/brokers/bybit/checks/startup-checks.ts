import { setTimeout as sleep } from 'node:timers/promises';
import type { Instrument } from '../../../engine/instrument.ts';
import type { ClockOffset } from '../clock-offset.ts';
import type { Environment } from '../environments.ts';
import { bodyOf } from '../redaction.ts';
import type { RestAnswer, RestRequest } from '../rest-request.ts';
import { ACCOUNT_INFO, FEE_RATE, INSTRUMENTS_INFO, KEY_INFO } from '../wire/paths.ts';
import { queryPosition } from '../wire/queries.ts';
import { accountLines, feeLines, positionLines } from './account-check.ts';
import type { MarginMode } from './account-check.ts';
import { resultOf } from './answer.ts';
import type { Found } from './answer.ts';
import type { CheckLine } from './check-line.ts';
import { clockLine } from './clock-check.ts';
import { instrumentLines } from './instrument-check.ts';
import { keyLines } from './key-check.ts';

/** Of a BybitTransport: what the checks need of it. */
export type Asker = {
  ask(request: RestRequest): Promise<RestAnswer>;
  readonly clock: ClockOffset;
};

export type StartupExpectations = {
  readonly environment: Environment;
  readonly instrument: Instrument;
  readonly margin: MarginMode;
  /** False where the venue's clock is not one to set ours by. */
  readonly checksClock?: boolean;
};

const TIMEOUT_MS = 5_000;
const ATTEMPTS = 4;
const FIRST_PAUSE_MS = 300;
const HTTP_OK = 200;
/** Codes that say nothing about what was asked. */
const PASSING: readonly number[] = [10000, 10002, 10006, 10016, 10429];

/** Everything that has to be so before the first order, each with what was found. Changes nothing. */
export async function startupChecks(
  asker: Asker,
  { environment, instrument, margin, checksClock = true }: StartupExpectations,
): Promise<CheckLine[]> {
  const { symbol, spec } = instrument;
  const ofSymbol = { category: spec.category, symbol };
  const lines = checksClock ? [await clockCheck(asker)] : [];
  const key = await find(asker, KEY_INFO, {});
  const ofKey = keyLines(key, Date.now() + asker.clock.offsetMs);
  lines.push(...ofKey);
  lines.push(...(await instrumentChecks(asker, instrument)));
  // With a key that is not accepted, every further answer would be the same refusal.
  if (!key.ok) return lines;
  const fees = await find(asker, FEE_RATE, ofSymbol);
  lines.push(...feeLines(fees, instrument, environment === 'demo'));
  lines.push(...accountLines(await find(asker, ACCOUNT_INFO, {}), instrument, margin));
  const { path, params } = queryPosition(instrument);
  lines.push(...positionLines(await find(asker, path, params), instrument, margin));
  return lines;
}

/** What can be known without a key: all that a dry run needs. */
export async function publicChecks(
  asker: Asker,
  { instrument, checksClock = true }: Pick<StartupExpectations, 'instrument' | 'checksClock'>,
): Promise<CheckLine[]> {
  const lines = checksClock ? [await clockCheck(asker)] : [];
  return [...lines, ...(await instrumentChecks(asker, instrument))];
}

async function clockCheck({ clock }: Asker): Promise<CheckLine> {
  await clock.measure();
  return clockLine(clock.offsetMs, clock.tripMs);
}

async function instrumentChecks(asker: Asker, instrument: Instrument): Promise<CheckLine[]> {
  const { symbol, spec } = instrument;
  const found = await find(asker, INSTRUMENTS_INFO, { category: spec.category, symbol });
  return instrumentLines(found, instrument);
}

/** Asked again while the answer is one that may pass. */
async function find(asker: Asker, path: string, params: RestRequest['params']): Promise<Found> {
  let found: Found = { ok: false, retCode: NaN, text: 'no answer' };
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    if (attempt > 0) await sleep(FIRST_PAUSE_MS * 2 ** attempt);
    const answer = await asker.ask({ method: 'GET', path, params, timeoutMs: TIMEOUT_MS });
    if (answer.t === 'failed') {
      found = { ok: false, retCode: NaN, text: `no answer (${answer.why})` };
      continue;
    }
    if (answer.status !== HTTP_OK) {
      found = { ok: false, retCode: NaN, text: `HTTP ${answer.status}` };
      if (answer.status < 500 && answer.status !== 429) return found;
      continue;
    }
    found = resultOf(bodyOf(answer.text));
    if (found.ok || !PASSING.includes(found.retCode)) return found;
    if (found.retCode === 10002) await asker.clock.measure();
  }
  return found;
}
