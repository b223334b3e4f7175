import { BybitTransport } from '../brokers/bybit/bybit-transport.ts';
import { startEmulator } from '../emulator/emulator.ts';
import type { SessionOptions } from '../live/session/options.ts';
import type { LiveLog } from '../live/shell/live-log.ts';
import { runLive } from '../live/shell/run-live.ts';
import type { HostOptions } from '../venue/host/options.ts';
import { checkedBroker, klineFeedOf } from './live-broker.ts';
import { accessTo } from './parity-venues.ts';

const HISTORY_WITHIN_MS = 20_000;

/** The same over the wire while time goes on by itself, as `lockstep live` does it. */
export async function pacedRun(run: {
  readonly host: HostOptions;
  readonly margin: 'isolated' | 'cross';
  readonly options: SessionOptions;
  readonly indicatorsStartMs: number;
  readonly stateDir: string;
  readonly speed: number;
  readonly log: LiveLog;
}): Promise<string> {
  const { host, margin, options, speed, log } = run;
  const { instrument, setup } = options;
  const emulator = await startEmulator({ host, time: speed });
  try {
    const { endpoints, credentials } = accessTo(emulator, instrument.spec.category);
    const environment = 'emulator';
    const broker = { endpoints, credentials, environment, instrument, margin, speed, log } as const;
    const { clock } = await checkedBroker(broker);
    const { line } = await runLive({
      stateDir: run.stateDir,
      environment,
      options,
      transport: (sink) =>
        new BybitTransport({ endpoints, credentials, measuresClock: false }, sink),
      candles: (toldUntilMs) =>
        klineFeedOf({
          endpoints,
          instrument,
          needs: setup.indicators,
          startMs: run.indicatorsStartMs,
          toldUntilMs,
          clock,
          log,
        }),
      candleMs: setup.indicators[0]?.intervalMs ?? 0,
      historyWithinMs: HISTORY_WITHIN_MS * speed,
      about: {},
      clock,
      log,
      rotateBytes: Infinity,
      keepFiles: Infinity,
      onStart: (handle) => {
        clock.timer().wakeAt(host.endMs, () => {
          handle.stop('the period is over');
        });
      },
    });
    return `wire at speed ${speed}: ${line}`;
  } finally {
    await emulator.close();
  }
}
