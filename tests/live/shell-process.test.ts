import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { InvariantError } from '../../src/engine/invariant.ts';
import type { TransportSink } from '../../src/brokers/transport.ts';
import { JournalFiles } from '../../src/live/journal-files/journal-files.ts';
import { Session } from '../../src/live/session/session.ts';
import type { ClosedCandle } from '../../src/brokers/candle-feed.ts';
import { VirtualClock, WallClock } from '../../src/live/shell/clock.ts';
import type { LiveEnd } from '../../src/live/shell/live-process.ts';
import { PriceFunnel } from '../../src/live/shell/price-funnel.ts';
import { runLive } from '../../src/live/shell/run-live.ts';
import type { LiveHandle } from '../../src/live/shell/run-live.ts';
import { ExchangeTransport } from './support/exchange-transport.ts';
import { FaultyDisk } from './support/faulty-disk.ts';
import { START_MS, START_TICKS, SmallWorld } from './support/small-world.ts';

const root = mkdtempSync(join(tmpdir(), 'lockstep-live-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const HOUR_MS = 3_600_000;

/** One deployment at one exchange, through several lives of its process. */
class Desk {
  readonly dir = mkdtempSync(join(root, 'state-'));
  readonly world: SmallWorld;
  readonly clock = new VirtualClock(START_MS);
  readonly disk = new FaultyDisk();
  readonly lines: string[] = [];
  rotateBytes = Infinity;
  transport: ExchangeTransport | undefined;
  handle: LiveHandle | undefined;
  ended: Promise<LiveEnd> | undefined;
  #candle: ((candle: ClosedCandle) => void) | undefined;

  constructor(params: ConstructorParameters<typeof SmallWorld>[0] = {}) {
    this.world = new SmallWorld(params);
    this.disk.isPrompt = true;
  }

  get line(): string {
    return this.lines.join('\n');
  }

  get stands(): number[] {
    return this.world.open().map(({ priceTicks }) => priceTicks);
  }

  get state(): Record<string, unknown> {
    return JSON.parse(readFileSync(join(this.dir, 'status.json'), 'utf8')) as never;
  }

  start(): void {
    const quiet = (): void => undefined;
    this.ended = runLive({
      stateDir: this.dir,
      environment: 'test',
      options: this.world.options,
      transport: (sink: TransportSink) =>
        (this.transport = new ExchangeTransport(this.world.exchange, this.clock, sink)),
      candles: () => ({
        start: (sink) => void (this.#candle = sink),
        close: () => Promise.resolve(),
      }),
      historyWithinMs: 20_000,
      about: {},
      candleMs: HOUR_MS,
      clock: this.clock,
      log: {
        say: (line) => void this.lines.push(line),
        info: quiet,
        warn: quiet,
        error: quiet,
      },
      rotateBytes: this.rotateBytes,
      keepFiles: Infinity,
      disk: this.disk,
      onStart: (handle) => void (this.handle = handle),
    });
  }

  begin(): void {
    this.start();
    this.close(0);
    this.wait(3_000);
  }

  close(hour: number): void {
    const closeMs = START_MS + hour * HOUR_MS;
    this.#candle?.({ closeMs, closeTicks: START_TICKS, indicators: [1_000] });
  }

  price(ticks: number): void {
    const { instrument } = this.world.options;
    this.transport?.price(ticks, instrument.symbol, instrument.formatPrice(ticks));
    this.wait(2_000);
  }

  wait(ms: number): void {
    this.transport?.advanceTo(this.clock.nowMs() + ms);
  }

  async end(): Promise<LiveEnd> {
    if (this.ended === undefined) throw new Error('not begun');
    return this.ended;
  }

  digestOf(records: 'all' | 'from-snapshot'): string {
    const sink = { synced: (): void => undefined, failed: (): void => undefined };
    const { deployment } = this.world.options;
    const opened = JournalFiles.open(join(this.dir, 'journal'), deployment, this.disk, sink);
    const session = new Session(this.world.options);
    const { snapshot, records: tail } = opened.found;
    const some = records === 'from-snapshot' && snapshot !== undefined;
    if (some) expect(session.restore(snapshot)).toBe(undefined);
    session.fold(some ? tail : [...opened.files.all(deployment)]);
    expect(session.divergence).toBe(undefined);
    return session.digest();
  }
}

describe('the live process', () => {
  it('says what it found before it trades, then trades from entry to exit', async () => {
    const desk = new Desk();
    desk.begin();
    expect(desk.line).toMatch(/journal: a new journal\n.*asking the venue[^]*recovered in .* flat/);
    expect(desk.stands).toEqual([START_TICKS - 1_000]);
    desk.price(START_TICKS - 1_100);
    expect(desk.stands).toEqual([START_TICKS - 500]);
    expect(desk.state).toMatchObject({ state: 'TRADING', position: { side: 'long', steps: 10 } });
    desk.price(START_TICKS - 400);
    expect(desk.state).toMatchObject({ position: { side: 'flat' } });
    expect(desk.line).toContain('fill: long');
    desk.handle?.stop('signal');
    desk.wait(1_000);
    expect(await desk.end()).toEqual({ code: 0, line: 'stopped: no entry stands, flat' });
    expect(desk.stands).toEqual([]);
    expect(desk.digestOf('all')).toHaveLength(16);
  });

  it('stops safely: entries go, exits stay, and the next life goes on from there', async () => {
    const desk = new Desk({ maxLevels: 2 });
    desk.begin();
    desk.price(START_TICKS - 1_100);
    expect(desk.stands).toHaveLength(2);
    desk.handle?.stop('SIGTERM');
    desk.wait(1_000);
    const { line } = await desk.end();
    expect(line).toBe('stopped: no entry stands; position 10 steps, its exits stay at the venue');
    expect(desk.stands).toEqual([START_TICKS - 500]);
    desk.lines.length = 0;
    desk.begin();
    expect(desk.line).toMatch(/of 1 earlier runs[^]*run 2[^]*recovered in .* long/);
    expect(desk.line).toContain('exit of slot 0');
    expect(desk.stands).toHaveLength(2);
    desk.handle?.stop('signal');
    desk.wait(1_000);
    await desk.end();
  });

  it('takes in what was filled while it was away before it trades again', async () => {
    const desk = new Desk();
    desk.begin();
    desk.handle?.process.fail(new InvariantError('sum 3, expected 2'));
    desk.wait(100);
    await desk.end();
    desk.begin();
    expect(desk.stands).toHaveLength(1);
    // Killed: nobody withdraws, and the entry fills.
    if (desk.transport !== undefined) desk.transport.isClosed = true;
    rmSync(join(desk.dir, 'lock'));
    desk.world.exchange.movePrice(desk.clock.nowMs(), START_TICKS - 1_100);
    desk.lines.length = 0;
    desk.begin();
    expect(desk.line).toMatch(
      /recovered in .*: long 0.010? from[^\n]*\n +filled meanwhile: it was flat/,
    );
    expect(desk.stands).toEqual([START_TICKS - 500]);
  });

  it('whose cancels cannot leave ends after a while, and says what may stand', async () => {
    const desk = new Desk();
    desk.begin();
    desk.disk.isPrompt = false;
    desk.handle?.stop('SIGINT');
    desk.wait(20_000);
    expect((await desk.end()).line).toBe(
      'SIGINT: stopped after 15 s; 1 entries may still stand, flat',
    );
  });

  it('told twice to stop stops at once', async () => {
    const desk = new Desk();
    desk.begin();
    desk.disk.isPrompt = false;
    desk.handle?.stop('SIGINT');
    desk.handle?.stop('SIGINT');
    expect((await desk.end()).line).toMatch(/^SIGINT: stopped at once; 1 entries may still stand/);
  });

  it('on a full disk withdraws its entries and ends with one line', async () => {
    const desk = new Desk();
    desk.begin();
    desk.disk.room = 10;
    desk.price(START_TICKS - 10);
    expect(await desk.end()).toEqual({
      code: 1,
      line:
        'the journal cannot be made durable: ENOSPC; ' +
        'cancels answered for 1 of 1 entries, flat',
    });
    expect(desk.stands).toEqual([]);
    desk.disk.room = Infinity;
    desk.begin();
    expect(desk.line).toMatch(/a torn tail of 10 bytes was cut[^]*run 2/);
    expect(desk.stands).toHaveLength(1);
  });

  it('after a broken promise withdraws entries, keeps exits and says the numbers', async () => {
    const desk = new Desk({ maxLevels: 2 });
    desk.begin();
    desk.price(START_TICKS - 1_100);
    desk.handle?.process.fail(new InvariantError('slots hold 12, ledger 10'));
    desk.wait(1_000);
    expect(await desk.end()).toEqual({
      code: 1,
      line:
        'broken promise: slots hold 12, ledger 10; cancels answered for 1 of 1 entries, ' +
        'position 10 steps, exits left alone',
    });
    expect(desk.stands).toEqual([START_TICKS - 500]);
  });

  it('that broke a promise refuses to start again, with the record and the numbers', async () => {
    const desk = new Desk();
    const { strategy } = desk.world.options;
    let isBroken = false;
    const plan: typeof strategy.plan = (...given) => {
      if (isBroken) throw new InvariantError('slots hold 12, ledger 10');
      strategy.plan(...given);
    };
    Object.assign(desk.world.options, { strategy: { ...strategy, plan } });
    desk.begin();
    isBroken = true;
    desk.price(START_TICKS - 1_100);
    expect((await desk.end()).line).toMatch(/^broken promise: slots hold 12, ledger 10; cancels/);
    desk.start();
    await expect(desk.end()).rejects.toThrow(
      /journal record \d+ breaks a promise: slots hold 12, ledger 10; look at/,
    );
  });

  it('is one process a deployment', async () => {
    const desk = new Desk();
    desk.begin();
    const { dir, world } = desk;
    const second = new Desk();
    Object.assign(second, { dir, world });
    second.start();
    await expect(second.end()).rejects.toThrow(/already runs this deployment/);
  });

  it('refuses the journal of another configuration', async () => {
    const desk = new Desk();
    desk.begin();
    desk.handle?.stop('x');
    desk.wait(1_000);
    await desk.end();
    Object.assign(desk.world.options, { configHash: 'other' });
    desk.start();
    await expect(desk.end()).rejects.toThrow(/written under configuration c, this is other/);
  });

  it('hears what is asked for by a file, once, and a halt outlives it', async () => {
    const desk = new Desk();
    desk.begin();
    writeFileSync(join(desk.dir, 'halt'), '');
    desk.wait(1_000);
    expect(desk.stands).toEqual([]);
    expect(readdirSync(desk.dir)).not.toContain('halt');
    expect(desk.state).toMatchObject({ entriesStopped: ['halted'] });
    desk.handle?.stop('x');
    desk.wait(1_000);
    await desk.end();
    desk.begin();
    expect(desk.line).toContain('entries are stopped: halted');
    expect(desk.stands).toEqual([]);
    writeFileSync(join(desk.dir, 'resume'), '');
    desk.wait(1_000);
    expect(desk.stands).toHaveLength(1);
  });

  it('hears at its start what was asked for while it was down, before anything is entered', async () => {
    const desk = new Desk();
    desk.begin();
    desk.handle?.stop('x');
    desk.wait(1_000);
    await desk.end();
    writeFileSync(join(desk.dir, 'halt'), '');
    desk.begin();
    const { calls = [] } = desk.transport ?? {};
    expect(calls.some(({ path }) => path === '/v5/order/create')).toBe(false);
    expect(desk.state).toMatchObject({ state: 'HALTED', entriesStopped: ['halted'] });
    writeFileSync(join(desk.dir, 'resume'), '');
    desk.wait(1_000);
    expect(desk.stands).toHaveLength(1);
  });

  it('says which open lots have no exit while their exits are refused', () => {
    const desk = new Desk();
    desk.begin();
    const { exchange } = desk.world;
    const post = exchange.post.bind(exchange);
    const time = START_MS;
    const refused = { retCode: 110_007, retMsg: 'no', result: {}, retExtInfo: {}, time };
    exchange.post = (atMs, path, params) =>
      params['reduceOnly'] === true ? refused : post(atMs, path, params);
    desk.price(START_TICKS - 1_100);
    desk.wait(1_000);
    expect(desk.state).toMatchObject({ position: { side: 'long' }, withoutExit: [0] });
    exchange.post = post;
    desk.wait(60_000);
    expect(desk.stands).toEqual([START_TICKS - 500]);
    expect(desk.state).toMatchObject({ withoutExit: [] });
  });

  it('enters for the first time only after it has asked what stands', () => {
    const desk = new Desk();
    desk.begin();
    const paths = desk.transport?.calls.map(({ path }) => path) ?? [];
    expect(paths).toContain('/v5/order/create');
    expect(paths.indexOf('/v5/order/create')).toBeGreaterThan(paths.indexOf('/v5/position/list'));
    expect(paths.indexOf('/v5/position/list')).toBeGreaterThanOrEqual(0);
  });

  it('goes on in new files, and starts from the last one to the same state', async () => {
    const desk = new Desk({ maxLevels: 3 });
    desk.rotateBytes = 20_000;
    desk.begin();
    for (let round = 1; round <= 12; round += 1) {
      desk.price(START_TICKS - 1_000 * (1 + (round % 3)) - 100);
      desk.price(START_TICKS - 300);
    }
    expect(desk.disk.list().length).toBeGreaterThan(3);
    if (desk.transport !== undefined) desk.transport.isClosed = true;
    expect(desk.digestOf('from-snapshot')).toBe(desk.digestOf('all'));
  });

  it('starts without candles when none can be had, and does not enter', () => {
    const desk = new Desk();
    desk.start();
    desk.wait(30_000);
    expect(desk.line).toContain('no candle history yet');
    expect(desk.line).toContain('recovered in');
    expect(desk.stands).toEqual([]);
    desk.close(0);
    expect(desk.line).toContain('run 2: asking');
    desk.wait(3_000);
    expect(desk.stands).toHaveLength(1);
  });

  it('takes a candle of history once, however often it is given', () => {
    const session = new Session(new SmallWorld().options);
    const closes = [
      [2, 100],
      [2, 200],
      [1, 300],
      [3, 400],
    ] as const;
    const known = closes.map(([closeMs, closeTicks]) => {
      session.handle({ t: 'candle', atMs: 5, closeMs, closeTicks, indicators: [1] });
      return session.engine.view.closeTicks;
    });
    expect(known).toEqual([100, 100, 100, 400]);
  });
});

describe('the funnel of public prices', () => {
  const ticker = (price: string | undefined): { t: 'frame'; socket: 'public'; body: unknown } => ({
    t: 'frame',
    socket: 'public',
    body: { topic: 'tickers.X', type: 'delta', ts: 1, data: { lastPrice: price, volume: '9' } },
  });

  it('passes a price that changed, and the same one only now and then', () => {
    const funnel = new PriceFunnel();
    expect(funnel.take(ticker('1.5'), 0)?.body).toMatchObject({ data: { lastPrice: '1.5' } });
    expect(funnel.take(ticker('1.5'), 900)).toBe(undefined);
    expect(funnel.take(ticker(undefined), 950)).toBe(undefined);
    expect(funnel.take(ticker('1.5'), 6_000)).toBeDefined();
    expect(funnel.take(ticker('1.6'), 6_100)).toBeDefined();
  });

  it('never keeps the last of a burst', () => {
    const funnel = new PriceFunnel();
    let passed = 0;
    for (let at = 0; at < 5_000; at += 1) {
      const nowMs = at / 5;
      if (funnel.release(nowMs) !== undefined) passed += 1;
      if (funnel.take(ticker(String(at)), nowMs) !== undefined) passed += 1;
      funnel.take(ticker(undefined), nowMs);
    }
    expect(passed).toBeLessThan(60);
    const last = funnel.release(funnel.dueMs);
    expect(last?.body).toMatchObject({ data: { lastPrice: '4999' } });
    expect(funnel.dueMs).toBe(Infinity);
  });

  it('leaves what is no price alone', () => {
    const funnel = new PriceFunnel();
    for (const body of [{ op: 'pong' }, 'text', null, { topic: 'tickers.X', data: 3 }]) {
      const frame = { t: 'frame', socket: 'public', body } as const;
      expect(funnel.take(frame, 0)).toBe(frame);
    }
  });
});

describe('the clock', () => {
  it('never goes back, follows a step ahead, and makes up for a step back by going slowly', () => {
    const time = { wall: 1_000, elapsed: 0 };
    const clock = new WallClock({ wallMs: () => time.wall, elapsedMs: () => time.elapsed });
    const pass = (ms: number): number => {
      time.wall += ms;
      time.elapsed += ms;
      return clock.nowMs();
    };
    expect(pass(100)).toBe(1_100);
    time.wall += 5_000;
    expect(pass(100)).toBe(6_200);
    time.wall -= 100;
    expect(pass(100)).toBe(6_250);
    expect(pass(100)).toBe(6_300);
    expect(pass(100)).toBe(6_400);
  });

  it('in virtual time wakes in the order of the times, and knows when the next is due', () => {
    const clock = new VirtualClock(0);
    const woken: string[] = [];
    const [a, b] = [clock.timer(), clock.timer()];
    a.wakeAt(20, () => woken.push(`a ${clock.nowMs()}`));
    b.wakeAt(10, () => woken.push(`b ${clock.nowMs()}`));
    expect(clock.nextMs()).toBe(10);
    a.wakeAt(15, () => woken.push(`again ${clock.nowMs()}`));
    clock.advanceTo(30);
    expect(woken).toEqual(['b 10', 'again 15']);
    expect([clock.nowMs(), clock.nextMs()]).toEqual([30, Infinity]);
  });
});
