import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';
import { BybitTransport } from '../../../src/brokers/bybit/bybit-transport.ts';
import { klineFeedOf } from '../../../src/cli/live-broker.ts';
import { accessTo } from '../../../src/cli/parity-venues.ts';
import { segmentsOf } from '../../../src/cli/journal-reader.ts';
import { startEmulator } from '../../../src/emulator/emulator.ts';
import { DEFAULT_PATIENCE } from '../../../src/engine/patience.ts';
import { botConfigOf, identityOf } from '../../../src/live/deployment/bot-of.ts';
import { inputOf } from '../../../src/live/journal/record-text.ts';
import { sessionOptionsOf } from '../../../src/live/session/session-of.ts';
import { WallClock, pacedTime } from '../../../src/live/shell/clock.ts';
import { runLive } from '../../../src/live/shell/run-live.ts';
import { killMarket } from './kill-market.ts';
import { busyDeployment } from './parity-deployment.ts';

const SPEED = 20;
const BURST_EVERY_MS = 10;

export type FloodReport = {
  readonly sent: number;
  readonly received: number;
  /** Frames on the private stream, as the venue and as the process counted them. */
  readonly privateFrames: { readonly said: number; readonly heard: number };
  readonly fills: number;
  /** Fills that the journal does not know. */
  readonly unknown: number;
  /** Public frames that the session was given. */
  readonly journaled: number;
  /** Of the heap, every second. */
  readonly heapMb: readonly number[];
  readonly end: string;
};

/** A process that trades while so many public messages a second come in. */
export async function floodedRun(
  stateDir: string,
  seconds: number,
  perSecond: number,
): Promise<FloodReport> {
  const host = killMarket(seconds + 60, 9);
  const emulator = await startEmulator({ host, time: SPEED });
  const flood = await Flood.open(perSecond);
  const deployment = busyDeployment(host.tape.openTimeMs[0] ?? 0, 0.15);
  const options = sessionOptionsOf(
    botConfigOf(deployment, DEFAULT_PATIENCE),
    identityOf(deployment),
  );
  const { instrument, setup } = options;
  const access = accessTo(emulator, instrument.spec.category);
  const { credentials } = access;
  const endpoints = { ...access.endpoints, publicStream: flood.url };
  const clock = new WallClock(pacedTime(host.startMs, SPEED));
  const transports: BybitTransport[] = [];
  const heapMb: number[] = [];
  let privateSaid = NaN;
  let privateHeard = NaN;
  const watch = setInterval(() => heapMb.push(heapUsedMb()), 1_000);
  try {
    const end = await runLive({
      stateDir,
      environment: 'emulator',
      options,
      transport: (sink) => {
        const transport = new BybitTransport(
          { endpoints, credentials, measuresClock: false },
          sink,
        );
        transports.push(transport);
        return transport;
      },
      candles: (toldUntilMs) =>
        klineFeedOf({
          endpoints: access.endpoints,
          instrument,
          needs: setup.indicators,
          startMs: host.tape.openTimeMs[0] ?? 0,
          toldUntilMs,
          clock,
          log: quiet,
        }),
      candleMs: setup.indicators[0]?.intervalMs ?? 0,
      historyWithinMs: 20_000 * SPEED,
      about: {},
      clock,
      log: quiet,
      rotateBytes: Infinity,
      keepFiles: Infinity,
      onStart: (handle) => {
        setTimeout(() => {
          flood.stop();
          // What is on its way arrives before the end.
          setTimeout(() => {
            privateSaid = emulator.emulation.traffic('private').said;
            privateHeard = transports[0]?.counts.streams.private.frames ?? NaN;
            handle.stop('the flood is over');
          }, 2_000);
        }, seconds * 1_000);
      },
    });
    const { counts } = transports[0] ?? {};
    const journal = [...segmentsOf(stateDir)].flatMap(({ records }) => [...records]);
    const text = journal.map((record) => JSON.stringify(record)).join('\n');
    const { truth, nowMs } = emulator.emulation.host;
    const fills = truth.executions.filter(({ execType }) => execType === 'Trade');
    const settled = fills.filter(({ timeMs }) => timeMs < nowMs - 60_000);
    const isPublic = (record: (typeof journal)[number]): boolean => {
      const input = inputOf(record);
      return input?.t === 'frame' && input.socket === 'public';
    };
    return {
      sent: flood.sent,
      received: counts?.streams.public.frames ?? NaN,
      privateFrames: { said: privateSaid, heard: privateHeard },
      fills: fills.length,
      unknown: settled.filter(({ execId }) => !text.includes(execId)).length,
      journaled: journal.filter(isPublic).length,
      heapMb,
      end: `${end.code} ${end.line}`,
    };
  } finally {
    clearInterval(watch);
    flood.close();
    await emulator.close();
  }
}

/** A public stream that says a price of its own, thousands of times a second. */
class Flood {
  sent = 0;
  readonly url: string;
  readonly #server: WebSocketServer;
  readonly #http: ReturnType<typeof createServer>;
  readonly #timer: NodeJS.Timeout;
  readonly #sockets = new Set<WebSocket>();
  #isOver = false;
  #n = 0;

  static async open(perSecond: number): Promise<Flood> {
    const http = createServer();
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    return new Flood(http, perSecond);
  }

  private constructor(http: ReturnType<typeof createServer>, perSecond: number) {
    this.#http = http;
    this.#server = new WebSocketServer({ server: http });
    this.url = `ws://127.0.0.1:${(http.address() as AddressInfo).port}/v5/public/inverse`;
    this.#server.on('connection', (socket) => {
      socket.on('message', (data) => {
        const { op, req_id } = JSON.parse(String(data)) as { op: string; req_id: string };
        this.#say(socket, { success: true, ret_msg: op === 'ping' ? 'pong' : '', op, req_id });
        if (op === 'subscribe') this.#sockets.add(socket);
      });
      socket.on('close', () => this.#sockets.delete(socket));
    });
    const beganMs = performance.now();
    let due = 0;
    this.#timer = setInterval(() => {
      if (this.#isOver) return;
      const until = ((performance.now() - beganMs) / 1_000) * perSecond;
      for (; due < until; due += 1) for (const socket of this.#sockets) this.#price(socket);
    }, BURST_EVERY_MS);
  }

  stop(): void {
    this.#isOver = true;
  }

  close(): void {
    clearInterval(this.#timer);
    for (const socket of this.#server.clients) socket.terminate();
    this.#server.close();
    this.#http.close();
  }

  #price(socket: WebSocket): void {
    this.#n += 1;
    const lastPrice = (60_000 + (this.#n % 7) / 10).toFixed(2);
    const data = { symbol: 'BTCUSD', lastPrice, volume24h: String(this.#n) };
    this.#say(socket, {
      topic: 'tickers.BTCUSD',
      type: 'delta',
      cs: this.#n,
      ts: Date.now(),
      data,
    });
  }

  #say(socket: WebSocket, body: object): void {
    this.sent += 1;
    socket.send(JSON.stringify(body));
  }
}

function heapUsedMb(): number {
  globalThis.gc?.();
  return Math.round(process.memoryUsage().heapUsed / 1e5) / 10;
}

const quiet = {
  say: (): void => undefined,
  info: (): void => undefined,
  warn: (): void => undefined,
  error: (): void => undefined,
};
