import { describe, expect, it } from 'vitest';
import type { Bot, BotMaker } from '../../src/laboratory/bot.ts';
import { drawFaultPlan } from '../../src/laboratory/fault-plan.ts';
import type { GridCase } from '../../src/laboratory/grid-case.ts';
import {
  SessionBot,
  productionBot,
  productionOptions,
} from '../../src/laboratory/production-bot.ts';
import { runSeed } from '../../src/laboratory/run-seed.ts';
import { decodeJournal } from '../../src/live/journal/decode.ts';
import type { NumberedRecord } from '../../src/live/journal/record.ts';
import { Session } from '../../src/live/session/session.ts';
import { SmallWorld, START_TICKS } from './support/small-world.ts';

const EVERY = 31;

/** Snapshots itself every few inputs, and starts from the last snapshot only. */
function snapshottingBot(grid: GridCase, starts: { fromSnapshot: number }): BotMaker {
  const plain = productionBot(grid);
  return {
    foreignJournal: () => plain.foreignJournal(),
    foldWhole: (journal) => plain.foldWhole(journal),
    start(journal) {
      const read = decodeJournal(journal, { deployment: 'labora' });
      if (!read.ok) return { ok: false, why: read.problem };
      const session = startFromSnapshot(productionOptions(grid), read.records, starts);
      return { ok: true, bot: new SnapshottingBot(session), wholeLength: read.wholeBytes };
    },
  };
}

function startFromSnapshot(
  options: ReturnType<typeof productionOptions>,
  records: readonly NumberedRecord[],
  starts: { fromSnapshot: number },
): Session {
  const session = new Session(options);
  const at = records.findLastIndex(({ k }) => k === 'snapshot');
  const snapshot = records[at];
  if (snapshot !== undefined) {
    expect(session.restore(snapshot)).toBe(undefined);
    starts.fromSnapshot += 1;
  }
  session.fold(records.slice(at + 1));
  return session;
}

class SnapshottingBot extends SessionBot implements Bot {
  readonly #session: Session;
  #inputs = 0;

  constructor(session: Session) {
    super(session);
    this.#session = session;
  }

  override handle(input: Parameters<Bot['handle']>[0]): void {
    super.handle(input);
    this.#inputs += 1;
    if (this.#inputs % EVERY !== 0 || this.#session.failed) return;
    this.#session.effects.push({ t: 'append', ...this.#session.snapshot() });
  }
}

describe('a snapshot', () => {
  it('and the records after it give the state that all records give', () => {
    const world = new SmallWorld({ maxLevels: 3 });
    world.begin();
    for (const ticks of [-1_100, -2_200, -1_500, -400, -900, 300]) {
      world.price(START_TICKS + ticks);
      world.wait(7_000);
      world.journal += world.session.snapshot().text;
      world.wait(5_000);
    }
    const read = decodeJournal(world.journal);
    if (!read.ok) throw new Error(read.problem);
    const whole = new Session(world.options);
    whole.fold(read.records);
    expect(whole.divergence).toBe(undefined);
    const snapshots = read.records.flatMap(({ k }, at) => (k === 'snapshot' ? [at] : []));
    expect(snapshots.length).toBe(6);
    for (const at of snapshots) {
      const session = new Session(world.options);
      expect(session.restore(read.records[at] as NumberedRecord)).toBe(undefined);
      session.fold(read.records.slice(at + 1));
      expect(session.describe()).toBe(whole.describe());
      expect(session.describe()).toBe(world.session.describe());
    }
  });

  it('carries the process through every fault as the whole journal does', () => {
    const starts = { fromSnapshot: 0 };
    for (let seed = 1; seed <= 6; seed += 1) {
      const plan = drawFaultPlan(seed, 3_600_000);
      const options = { plan, calmMs: 2_700_000, keepsTrace: false };
      const makeBot = (grid: GridCase): BotMaker => snapshottingBot(grid, starts);
      const result = runSeed({ ...options, makeBot });
      expect([seed, result.broken]).toEqual([seed, undefined]);
    }
    expect(starts.fromSnapshot).toBeGreaterThan(10);
  });

  it('that says something else than the records before it is a divergence', () => {
    const world = new SmallWorld();
    world.begin();
    const journal = world.journal;
    const other = new SmallWorld();
    other.begin();
    other.price(START_TICKS - 1_100);
    other.wait(2_000);
    const read = decodeJournal(journal);
    if (!read.ok) throw new Error(read.problem);
    const n = read.records.length + 1;
    const { text } = other.session.snapshot();
    const record = { ...(JSON.parse(text.slice(9)) as NumberedRecord), n };
    const session = new Session(world.options);
    session.fold([...read.records, record]);
    expect(session.divergence).toMatch(new RegExp(`^record ${n}: the state was `));
  });

  it('of another shape is refused, and says where it differs', () => {
    const world = new SmallWorld({ maxLevels: 2 });
    world.begin();
    const record = JSON.parse(world.session.snapshot().text.slice(9)) as NumberedRecord;
    const other = new SmallWorld({ maxLevels: 3 });
    expect(new Session(other.options).restore(record)).toMatch(/^engine\.\S+ is not as this/);
    const newer = { ...record, layout: 99 };
    expect(new Session(world.options).restore(newer)).toBe('its layout is 99');
  });
});
