import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { optionsOf, segmentsOf } from '../../../src/cli/journal-reader.ts';
import { startEmulator } from '../../../src/emulator/emulator.ts';
import type { Emulator } from '../../../src/emulator/emulator.ts';
import { BookAudit } from '../../../src/laboratory/book-audit.ts';
import { NO_RISK_LIMITS } from '../../../src/engine/risk.ts';
import { deploymentText } from '../../../src/live/deployment/seal.ts';
import { Replay } from '../../../src/live/session/replay.ts';
import type { Session } from '../../../src/live/session/session.ts';
import { draw } from '../../../src/venue/philox.ts';
import type { HostOptions } from '../../../src/venue/host/options.ts';
import { busyDeployment } from './parity-deployment.ts';

const MAIN = fileURLToPath(new URL('../../../dist/bundle/main.js', import.meta.url));
const SPEED = 20;
/** Of wall time: what a person would wait. */
const TRADING_AGAIN_MS = 30_000;
const LEVELS = 6;
const QTY_STEPS = 10;
/** What an answer or a frame of the venue needs at most, without faults. */
const KNOWN_MS = 60_000;

const FAULTS = [
  ['replyLost', '/v5/order/create'],
  ['requestLost', '/v5/order/create'],
  ['htmlAfter', '/v5/order/create'],
  ['bodyCut', '/v5/order/cancel'],
  ['replySlow', '/v5/execution/list'],
  ['frameLost', 'execution'],
  ['frameLost', 'order'],
  ['frameTwice', 'execution'],
  ['frameLate', 'execution'],
  ['connectionReset', '/v5/order/amend'],
  ['secretEcho', 'login'],
  ['socketDies', ''],
] as const;

export type KillReport = {
  readonly kills: number;
  readonly fills: number;
  readonly orders: number;
  readonly faults: number;
  /** Of the truth's executions, those that the journal does not know. */
  readonly unknown: readonly string[];
  readonly position: { readonly booked: number; readonly venue: number };
  readonly tradingAgainMs: number;
  readonly replay: string;
  readonly verify: { readonly code: number | null; readonly text: string };
  readonly stopped: { readonly code: number | null; readonly text: string };
  /** Files of the run, and words of its processes, that hold the secret. */
  readonly leaks: readonly string[];
  /** Diagnostic reports that Node.js wrote of a process in the middle of it. */
  readonly reports: number;
};

/** `lockstep live` in a process of its own, killed again and again while everything goes wrong. */
export async function killRounds(
  dir: string,
  host: HostOptions,
  kills: number,
  seed: number,
): Promise<KillReport> {
  const emulator = await startEmulator({ host, time: SPEED });
  const rounds = new Rounds(dir, emulator, seed);
  try {
    for (let round = 0; round < kills; round += 1) await rounds.liveAndDie(round);
    return await rounds.liveOn(kills);
  } finally {
    rounds.end();
    await emulator.close();
  }
}

class Rounds {
  readonly #dir: string;
  readonly #emulator: Emulator;
  readonly #seed: number;
  readonly #audit: BookAudit;
  readonly #deployment: string;
  #child: ChildProcess | undefined;
  #ended: Promise<number | null> = Promise.resolve(0);
  #said = '';
  #all = '';
  #faults = 0;
  #draws = 0;

  constructor(dir: string, emulator: Emulator, seed: number) {
    this.#dir = dir;
    this.#emulator = emulator;
    this.#seed = seed;
    const { host } = emulator.emulation;
    this.#audit = new BookAudit(
      host.truth,
      {
        levels: LEVELS,
        qtySteps: QTY_STEPS,
        risk: NO_RISK_LIMITS,
      },
      new Map(),
    );
    const deployment = busyDeployment(Date.UTC(2024, 0, 2), 0.15);
    this.#deployment = deployment.deployment;
    writeFileSync(join(dir, 'deployment.json'), deploymentText(deployment));
  }

  async liveAndDie(round: number): Promise<void> {
    const child = this.#start(round);
    // One in four dies while it finds out where it stands.
    const early = this.#chance(4) === 0;
    await this.#until('the first words', () =>
      this.#said.includes(early ? 'asking' : 'recovered in'),
    );
    const livesMs = this.#chance(early ? 200 : 3_000);
    const untilMs = Date.now() + livesMs;
    while (Date.now() < untilMs) {
      if (this.#chance(6) === 0) this.#break();
      await this.#pause();
    }
    if (round === 0) {
      child.kill('SIGUSR2');
      await this.#until('a diagnostic report', () => this.#reports().length > 0);
    }
    child.kill('SIGKILL');
    await this.#ended;
  }

  /** Nothing is broken any more. */
  async liveOn(kills: number): Promise<KillReport> {
    const beganMs = Date.now();
    const child = this.#start(kills);
    const status = join(this.#dir, 'state', 'status.json');
    await this.#until('trading', () => {
      if (!this.#said.includes('recovered in')) return false;
      const { state, entriesStopped } = JSON.parse(readFileSync(status, 'utf8')) as {
        state: string;
        entriesStopped: string[];
      };
      return state !== 'STOPPED' && state !== 'RECOVERING' && entriesStopped.length === 0;
    });
    const tradingAgainMs = Date.now() - beganMs;
    child.kill('SIGTERM');
    const code = await this.#ended;
    const stoppedMs = this.#emulator.emulation.nowMs;
    const { host } = this.#emulator.emulation;
    const { session, execIds } = this.#journal();
    const executions = host.truth.executions.filter(({ execType }) => execType === 'Trade');
    const known = executions.filter(({ execId }) => execIds.has(execId));
    const unknown = executions
      .filter(({ execId, timeMs }) => !execIds.has(execId) && timeMs < stoppedMs - KNOWN_MS)
      .map(({ execId, orderLinkId }) => `${execId} of ${orderLinkId}`);
    const state = join(this.#dir, 'state');
    return {
      kills,
      fills: executions.length,
      orders: host.truth.orders.length,
      faults: this.#faults,
      unknown,
      position: {
        booked: session.engine.ledger.positionSteps,
        venue: known.reduce((sum, { side, qtySteps }) => sum + side * qtySteps, 0),
      },
      tradingAgainMs,
      replay: this.#command(['replay', state]).text,
      verify: this.#command(['journal', 'verify', state]),
      stopped: { code, text: this.#said },
      leaks: this.#leaks(),
      reports: this.#reports().length,
    };
  }

  end(): void {
    this.#child?.kill('SIGKILL');
  }

  #start(round: number): ChildProcess {
    const { restUrl: url, wsUrl, apiKey } = this.#emulator;
    const report = ['--report-on-signal', '--report-signal=SIGUSR2', '--report-uncaught-exception'];
    const args = [
      ...[...report, `--report-directory=${this.#dir}`, MAIN, 'live', '--env', 'emulator'],
      ...['--deployment', 'deployment.json', '--state-dir', 'state', '--speed', String(SPEED)],
      ...['--base-url', url, '--ws-url', wsUrl, '--rotate-mb', '0.3'],
    ];
    const keys = { BYBIT_API_KEY: apiKey.key, BYBIT_API_SECRET: apiKey.secret };
    const env = { ...process.env, ...keys };
    const child = spawn(process.execPath, args, { cwd: this.#dir, env });
    this.#said = '';
    this.#child = child;
    this.#ended = new Promise((resolve) => child.on('close', resolve));
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        this.#said += chunk.toString();
        this.#all += chunk.toString();
      });
    this.#all += `\n== life ${round}\n`;
    return child;
  }

  #break(): void {
    const [fault, target] = FAULTS[this.#chance(FAULTS.length)] ?? FAULTS[0];
    this.#faults += 1;
    void fetch(`${this.#emulator.controlUrl}/fault`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${this.#emulator.controlToken}` },
      body: JSON.stringify({ fault, target }),
    }).catch(() => undefined);
  }

  async #until(what: string, isSo: () => boolean): Promise<void> {
    const untilMs = Date.now() + TRADING_AGAIN_MS;
    for (;;) {
      if (isSo()) return;
      if (Date.now() > untilMs || this.#child?.exitCode !== null)
        throw new Error(`${what} did not come: ${this.#said}`);
      await this.#pause();
    }
  }

  /** The exchange's books are held against the rules all the while. */
  async #pause(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, 20));
    this.#audit.look();
  }

  #journal(): { readonly session: Session; readonly execIds: ReadonlySet<string> } {
    const state = join(this.#dir, 'state');
    const play = new Replay(optionsOf(state));
    const execIds = new Set<string>();
    for (const { records } of segmentsOf(state))
      for (const record of records) {
        play.take(record);
        if (record.k !== 'in') continue;
        for (const [, execId = ''] of JSON.stringify(record).matchAll(/"execId":"([^"]+)"/g))
          execIds.add(execId);
      }
    if (play.difference !== undefined) throw new Error(play.difference.what);
    return { session: play.session, execIds };
  }

  #command(args: readonly string[]): { readonly code: number | null; readonly text: string } {
    const ran = spawnSync(process.execPath, [MAIN, ...args], { cwd: this.#dir, encoding: 'utf8' });
    return { code: ran.status, text: ran.stdout + ran.stderr };
  }

  #reports(): string[] {
    const names = readdirSync(this.#dir).filter((name) => /^report\..*json$/.test(name));
    return names.filter((name) => readFileSync(join(this.#dir, name), 'utf8').endsWith('}\n'));
  }

  #leaks(): string[] {
    const { secret } = this.#emulator.apiKey;
    const paths = readdirSync(this.#dir, { recursive: true, encoding: 'utf8' });
    const files = paths.map((path) => join(this.#dir, path)).filter((path) => existsSync(path));
    const leaking = files
      .filter((path) => statSync(path).isFile())
      .filter((path) => readFileSync(path).includes(secret));
    return this.#all.includes(secret) ? [...leaking, 'what the processes said'] : leaking;
  }

  #chance(below: number): number {
    this.#draws += 1;
    return draw(this.#seed, 91, this.#draws, 0) % below;
  }
}
