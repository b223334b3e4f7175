import { startEmulator } from '../../../src/emulator/emulator.ts';
import { WIRE_FAULT_KINDS } from '../../../src/emulator/faults/fault-kinds.ts';
import { parseFaultPlan } from '../../../src/emulator/faults/fault-plan.ts';
import { BookAudit } from '../../../src/laboratory/book-audit.ts';
import { SessionBot } from '../../../src/laboratory/production-bot.ts';
import {
  SCENARIO_LEVELS,
  scenarioParams,
  scenarioQty,
} from '../../../src/laboratory/scenarios/run-scenario.ts';
import type { Scenario } from '../../../src/laboratory/scenarios/scenario.ts';
import { DEFAULT_PATIENCE } from '../../../src/engine/patience.ts';
import { NO_RISK_LIMITS } from '../../../src/engine/risk.ts';
import { hastyDisk } from '../../../src/live/journal-files/prompt-disk.ts';
import { Replay } from '../../../src/live/session/replay.ts';
import { sessionOptionsOf } from '../../../src/live/session/session-of.ts';
import type { LiveHandle } from '../../../src/live/shell/run-live.ts';
import { segmentsOf } from '../../../src/cli/journal-reader.ts';
import { runMoved } from '../../../src/cli/moved-live.ts';
import { accessTo, openMoves } from '../../../src/cli/parity-venues.ts';
import { killMarket } from './kill-market.ts';

const CALM_MS = 20 * 60_000;
const SEED = 20_260_212;
const MINUTE_MS = 60_000;

export type WireScenarioReport = {
  readonly fills: number;
  /** Faults of the scenario that have struck. */
  readonly struck: number;
  readonly end: string;
  /** Why entries are still stopped after the calm. */
  readonly entriesStopped: readonly string[];
  readonly unknownOrders: number;
  readonly booked: { readonly steps: number; readonly money: number };
  readonly venue: { readonly steps: number; readonly money: number };
  readonly divergence: string | undefined;
};

/** What a wire cannot do to a process: it takes the laboratory, or a process that is killed. */
export function offTheWire({ script, timed }: Scenario): readonly string[] {
  const kinds: readonly string[] = WIRE_FAULT_KINDS;
  const all = [...script, ...timed].map(({ fault }) => fault);
  return [...new Set(all.filter((fault) => !kinds.includes(fault)))];
}

/** The incident again: the process, the SDK, HTTP, WebSocket and the emulator, in virtual time. */
export async function playOverTheWire(
  scenario: Scenario,
  stateDir: string,
): Promise<WireScenarioReport> {
  const minutes = scenario.chaosMinutes + CALM_MS / MINUTE_MS;
  const base = killMarket(minutes, SEED);
  const { execution } = base;
  const participation = scenario.isThin ? THIN_SHARE : execution.participation;
  const host = { ...base, execution: { ...execution, participation }, tickEveryMs: 10_000 };
  const plan = { seed: SEED, script: scenario.script, timed: scenario.timed };
  const faults = parseFaultPlan(JSON.stringify(plan), scenario.name);
  const emulator = await startEmulator({ host, time: 'virtual', faults });
  const { instrument } = host;
  const venue = await openMoves(emulator, accessTo(emulator, instrument.spec.category));
  const { truth } = emulator.emulation.host;
  const audit = new BookAudit(
    truth,
    {
      levels: SCENARIO_LEVELS,
      qtySteps: scenarioQty(scenario),
      risk: NO_RISK_LIMITS,
    },
    new Map(),
  );
  let entriesStopped: readonly string[] = [];
  const options = optionsOf(scenario, instrument.spec);
  try {
    const end = await runMoved({
      venue,
      stateDir,
      options,
      indicatorsStartMs: host.tape.openTimeMs[0] ?? 0,
      margin: 'isolated',
      untilMs: host.endMs,
      about: {},
      log: quiet,
      disk: hastyDisk,
      rotateBytes: Infinity,
      keepFiles: Infinity,
      onStart: (handle: LiveHandle) => {
        const { clock } = venue;
        const looks = clock.timer();
        const look = (): void => {
          audit.look();
          looks.wakeAt(clock.nowMs() + 1_000, look);
        };
        look();
        // Whoever looks after it has seen the alarms, and lets it go on.
        const person = clock.timer();
        person.wakeAt(host.startMs + scenario.chaosMinutes * MINUTE_MS, () => {
          handle.process.control('resume');
        });
        clock.timer().wakeAt(host.endMs - 1, () => {
          ({ entriesStopped } = handle.status());
          looks.wakeAt(Infinity, look);
        });
      },
    });
    const play = new Replay(options);
    for (const { records } of segmentsOf(stateDir)) for (const record of records) play.take(record);
    const { belief } = new SessionBot(play.session);
    return {
      fills: truth.executions.filter(({ execType }) => execType === 'Trade').length,
      struck: Object.values(emulator.emulation.faultCounts).reduce((sum, n) => sum + n, 0),
      end: `${end.code} ${end.line}`,
      entriesStopped,
      unknownOrders: belief.unknownOrders,
      booked: { steps: belief.positionSteps, money: belief.cashMoney },
      venue: { steps: truth.positionSteps, money: truth.cashMoney },
      divergence: play.difference?.what,
    };
  } finally {
    await venue.close();
    await emulator.close();
  }
}

/** Of a candle's 40,000 contracts: one lot of five takes a few prices. */
const THIN_SHARE = 0.00005;

function optionsOf(
  scenario: Scenario,
  instrument: Parameters<typeof sessionOptionsOf>[0]['instrument'],
): ReturnType<typeof sessionOptionsOf> {
  const config = {
    strategy: 'atr-grid',
    params: scenarioParams(scenario),
    instrument,
    risk: NO_RISK_LIMITS,
    patience: DEFAULT_PATIENCE,
    capitalMoney: NaN,
  };
  return sessionOptionsOf(config, { deployment: 'wire01', configHash: 'wire', version: 'test' });
}

const quiet = {
  say: (): void => undefined,
  info: (): void => undefined,
  warn: (): void => undefined,
  error: (): void => undefined,
};
