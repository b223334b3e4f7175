import { BybitTransport } from '../brokers/bybit/bybit-transport.ts';
import { checkText, mayStart } from '../brokers/bybit/checks/check-line.ts';
import type { CheckLine } from '../brokers/bybit/checks/check-line.ts';
import { publicChecks, startupChecks } from '../brokers/bybit/checks/startup-checks.ts';
import type { Asker, StartupExpectations } from '../brokers/bybit/checks/startup-checks.ts';
import type { Credentials } from '../brokers/bybit/credentials.ts';
import type { Endpoints, Environment } from '../brokers/bybit/environments.ts';
import { KlineFeed } from '../brokers/bybit/kline-feed.ts';
import { bodyOf } from '../brokers/bybit/redaction.ts';
import { isRow } from '../brokers/bybit/wire/decoded.ts';
import type { CandleFeed } from '../brokers/candle-feed.ts';
import type { Instrument } from '../engine/instrument.ts';
import { InputError } from '../engine/invariant.ts';
import type { IndicatorNeed } from '../engine/strategy.ts';
import { WallClock, pacedTime } from '../live/shell/clock.ts';
import type { Clock } from '../live/shell/clock.ts';
import type { LiveLog } from '../live/shell/live-log.ts';

export type BrokerParts = {
  readonly endpoints: Endpoints;
  readonly credentials: Credentials;
  readonly environment: Environment;
  readonly instrument: Instrument;
  readonly margin: 'isolated' | 'cross';
  readonly speed: number;
  readonly log: LiveLog;
};

const TIMEOUT_MS = 5_000;
const TICKERS = '/v5/market/tickers';

/** The account and the instrument as the deployment expects them, or a refusal; and the time. */
export async function checkedBroker(parts: BrokerParts): Promise<{ readonly clock: Clock }> {
  const { endpoints, credentials, environment, instrument, margin, log } = parts;
  const isEmulator = environment === 'emulator';
  if (!isEmulator && parts.speed !== 1)
    throw new InputError(`--speed is an emulator's: time on ${environment} is what it is`);
  const transport = new BybitTransport(
    { endpoints, credentials, measuresClock: false },
    () => undefined,
  );
  try {
    const expected = { environment, instrument, margin, checksClock: !isEmulator };
    await checkAccount(transport, expected, log);
    return {
      clock: isEmulator ? await venueClock(transport, instrument, parts.speed) : new WallClock(),
    };
  } finally {
    await transport.close();
  }
}

/** Says what was found, and refuses where something is not as it has to be. */
export async function checkAccount(
  asker: Asker,
  expected: StartupExpectations,
  log: Pick<LiveLog, 'say'>,
): Promise<void> {
  heed(await startupChecks(asker, expected), log);
}

/** The same where nothing is asked of an account: the instrument, and the time. */
export async function checkedMarket(
  parts: Pick<BrokerParts, 'endpoints' | 'instrument' | 'speed' | 'log'>,
): Promise<{ readonly clock: Clock }> {
  const { endpoints, instrument, speed, log } = parts;
  const isEmulator = endpoints.environment === 'emulator';
  if (!isEmulator && speed !== 1)
    throw new InputError("--speed is an emulator's: time of the exchange is what it is");
  const transport = new BybitTransport({ endpoints, measuresClock: false }, () => undefined);
  try {
    heed(await publicChecks(transport, { instrument, checksClock: !isEmulator }), log);
    return { clock: isEmulator ? await venueClock(transport, instrument, speed) : new WallClock() };
  } finally {
    await transport.close();
  }
}

function heed(lines: readonly CheckLine[], log: Pick<LiveLog, 'say'>): void {
  for (const line of lines) log.say(`check: ${checkText(line)}`);
  if (mayStart(lines)) return;
  const refused = lines.filter(({ verdict }) => verdict === 'refuse').map(checkText);
  throw new InputError(`the start-up checks refuse: ${refused.join('; ')}`);
}

/**
 * An emulated venue has a time of its own, and the process lives in it. It is what answers about
 * the market are stamped with; /v5/market/time is the clock that signatures are checked by.
 */
async function venueClock(
  transport: BybitTransport,
  { spec, symbol }: Instrument,
  speed: number,
): Promise<Clock> {
  const params = { category: spec.category, symbol };
  const request = { method: 'GET', path: TICKERS, params, timeoutMs: TIMEOUT_MS } as const;
  const answer = await transport.ask(request);
  const body = answer.t === 'failed' ? undefined : bodyOf(answer.text);
  const venueMs = isRow(body) ? body['time'] : undefined;
  if (typeof venueMs !== 'number') throw new InputError('the emulator does not tell its time');
  return new WallClock(pacedTime(venueMs, speed));
}

export function klineFeedOf(parts: {
  readonly endpoints: Endpoints;
  readonly instrument: Instrument;
  readonly needs: readonly IndicatorNeed[];
  readonly startMs: number;
  readonly toldUntilMs: number;
  readonly clock: Clock;
  readonly log: LiveLog;
}): CandleFeed {
  const { endpoints, log, ...rest } = parts;
  return new KlineFeed({
    ...rest,
    transport: (sink) => new BybitTransport({ endpoints, measuresClock: false }, sink),
    problem: (text) => {
      log.say(`candles: ${text}`);
      log.warn({}, `candles: ${text}`);
    },
  });
}
