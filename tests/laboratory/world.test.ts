import { describe, expect, it } from 'vitest';
import type { Bot, BotMaker } from '../../src/laboratory/bot.ts';
import { NO_RISK_LIMITS } from '../../src/engine/risk.ts';
import { drawFaultPlan, onlyKinds } from '../../src/laboratory/fault-plan.ts';
import { drawGridCase } from '../../src/laboratory/grid-case.ts';
import { productionBot } from '../../src/laboratory/production-bot.ts';
import { CALM_MS, runSeed } from '../../src/laboratory/run-seed.ts';
import type { SeedResult } from '../../src/laboratory/run-seed.ts';
import { SECRET_CANARY } from '../../src/laboratory/stream-line.ts';
import type { Effect } from '../../src/live/session/protocol.ts';
import { IDLE, idleBot } from './idle-bot.ts';

const HOUR = 3_600_000;

/** A bot that has these effects when it boots, and then does nothing. */
function bootsWith(effects: readonly Effect[]): BotMaker {
  return {
    ...idleBot(),
    start(journal) {
      const bot: Bot = {
        ...IDLE,
        effects: [],
        handle: (input) => void (input.t === 'boot' && bot.effects.push(...effects)),
      };
      return { ok: true, bot, wholeLength: journal.length };
    },
  };
}

function runQuiet(maker: BotMaker): SeedResult {
  const plan = onlyKinds(drawFaultPlan(2, HOUR), []);
  return runSeed({ plan, calmMs: CALM_MS, keepsTrace: false, makeBot: () => maker });
}

const create = (linkId: string, call: number, side = 'Buy'): Effect => ({
  t: 'call',
  call,
  method: 'POST',
  path: '/v5/order/create',
  params: { category: 'inverse', symbol: 'BTCUSD', side, orderLinkId: linkId },
  timeoutMs: 5_000,
});

describe('the fault world', () => {
  it('L3: does not let a bot pass that does nothing', () => {
    expect(runQuiet(idleBot()).broken?.rule).toBe('L3');
  });

  it.each(['maxPositionSteps', 'maxOpenOrders'] as const)(
    'S1: sees that %s is not held, and that it is',
    (limit) => {
      const seeds = Array.from({ length: 60 }, (_, at) => at + 1).map(drawGridCase);
      const grid = seeds.find(({ levels, qtySteps }) => levels > 2 && qtySteps > 1);
      if (grid === undefined) throw new Error('no seed has three levels');
      const most = limit === 'maxPositionSteps' ? grid.qtySteps : 1;
      const limited = { ...grid, risk: { ...NO_RISK_LIMITS, [limit]: most } };
      const plan = onlyKinds(drawFaultPlan(2, HOUR), []);
      const rest = { plan, calmMs: CALM_MS, keepsTrace: false, grid: limited };
      const careless = (): BotMaker => productionBot({ ...limited, risk: NO_RISK_LIMITS });
      expect(runSeed({ ...rest, makeBot: careless }).broken?.rule).toBe('S1');
      expect(runSeed({ ...rest, makeBot: productionBot }).broken).toBe(undefined);
    },
  );

  it('L3: wants no entry while the indicators warm up', () => {
    const plan = drawFaultPlan(5, HOUR / 2);
    const found = runSeed({ plan, calmMs: CALM_MS, keepsTrace: false, makeBot: productionBot });
    expect(found.broken).toBe(undefined);
  });

  it('S7: sees an order whose intent was never written', () => {
    expect(runQuiet(bootsWith([create('ls-abcdef-0-1-entry-1', 1)])).broken?.rule).toBe('S7');
  });

  it('S7: sees an order whose intent is written but not durable', () => {
    const text = '00000000 {"n":1,"id":"ls-abcdef-0-1-entry-1"}\n';
    const append: Effect = { t: 'append', seq: 1, text };
    const found = runQuiet(bootsWith([append, create('ls-abcdef-0-1-entry-1', 1)]));
    expect(found.broken?.rule).toBe('S7');
  });

  it('S10: counts calls', () => {
    const reads = Array.from({ length: 51 }, (_, i): Effect => ({
      t: 'call',
      call: i,
      method: 'GET',
      path: '/v5/position/list',
      params: {},
      timeoutMs: 5_000,
    }));
    expect(runQuiet(bootsWith(reads.slice(0, 50))).broken?.rule).toBe('L3');
    expect(runQuiet(bootsWith(reads)).broken?.rule).toBe('S10');
  });

  it('S11: sees the secret in the journal and in an alarm', () => {
    const text = `00000000 {"n":1,"key":"${SECRET_CANARY}"}\n`;
    expect(runQuiet(bootsWith([{ t: 'append', seq: 1, text }])).broken?.rule).toBe('S11');
    const alarm: Effect = { t: 'alarm', code: 'quarantine', text: SECRET_CANARY };
    expect(runQuiet(bootsWith([alarm])).broken?.rule).toBe('S11');
  });

  it('S8: compares the live state with the folded one', () => {
    let count = 0;
    const forgetful: BotMaker = {
      ...idleBot(),
      start: (journal) => ({
        ok: true,
        bot: { ...IDLE, effects: [], digest: () => String((count += 1)) },
        wholeLength: journal.length,
      }),
    };
    expect(runQuiet(forgetful).broken?.rule).toBe('S8');
  });

  it('CRASH: takes an exception of the code under test for a broken rule', () => {
    const broken = (): never => {
      throw new TypeError('undefined is not a price');
    };
    const maker: BotMaker = {
      ...idleBot(),
      start: (journal) => ({
        ok: true,
        bot: { ...IDLE, effects: [], handle: broken },
        wholeLength: journal.length,
      }),
    };
    const { broken: found } = runQuiet(maker);
    expect(found).toEqual({ rule: 'CRASH', text: 'CRASH: undefined is not a price' });
  });

  it('D1: gives the same hash for the same seed', () => {
    const plan = drawFaultPlan(5, 2 * HOUR);
    const run = (): SeedResult =>
      runSeed({ plan, calmMs: CALM_MS, keepsTrace: false, makeBot: () => idleBot() });
    expect(run()).toEqual(run());
  });
});
