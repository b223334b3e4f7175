import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Agenda } from '../../src/venue/agenda.ts';
import { Chance } from '../../src/venue/chance.ts';
import { SimulatedDisk } from '../../src/laboratory/disk.ts';
import {
  drawFaultPlan,
  onlyKinds,
  parseFaults,
  withoutKinds,
} from '../../src/laboratory/fault-plan.ts';
import { FAULT_KINDS, kindsOf } from '../../src/laboratory/faults.ts';
import { hashText } from '../../src/venue/hash.ts';
import { LocalClock } from '../../src/laboratory/local-clock.ts';

const HOURS_6 = 6 * 3_600_000;

describe('agenda', () => {
  it('gives things back by time, and those of one ms in the order they were put', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 200 }), (times) => {
        const agenda = new Agenda<{ atMs: number; nth: number }>();
        times.forEach((atMs, nth) => agenda.put(atMs, { atMs, nth }));
        const taken = times.map(() => agenda.take());
        const sorted = times
          .map((atMs, nth) => ({ atMs, nth }))
          .sort((a, b) => a.atMs - b.atMs || a.nth - b.nth);
        expect(taken).toEqual(sorted);
        expect(agenda.nextMs()).toBe(Infinity);
      }),
    );
  });

  it('holds its order when things are put while others are taken', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -1, max: 9 }), { maxLength: 200 }), (steps) => {
        const agenda = new Agenda<number>();
        const model: { atMs: number; nth: number }[] = [];
        steps.forEach((step, nth) => {
          if (step >= 0) {
            agenda.put(step, nth);
            model.push({ atMs: step, nth });
            return;
          }
          model.sort((a, b) => a.atMs - b.atMs || a.nth - b.nth);
          const first = model.shift();
          if (first !== undefined) expect(agenda.take()).toBe(first.nth);
        });
        expect(agenda.size).toBe(model.length);
      }),
    );
  });
});

describe('chance', () => {
  it('gives every fault a stream of its own', () => {
    const names = [...FAULT_KINDS, ...FAULT_KINDS.map((kind) => `plan ${kind}`)];
    expect(new Set(names.map((name) => hashText(name))).size).toBe(names.length);
  });

  it('draws nothing from a stream where the answer is known', () => {
    const [one, other] = [new Chance(7, 'x'), new Chance(7, 'x')];
    one.hits(0);
    one.hits(1);
    expect(one.unit()).toBe(other.unit());
  });

  it('stays within its bounds', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer(), fc.nat(1_000), (seed, low, width) => {
        const drawn = new Chance(seed, 'bounds').between(low, low + width);
        expect(drawn).toBeGreaterThanOrEqual(low);
        expect(drawn).toBeLessThanOrEqual(low + width);
      }),
    );
  });
});

describe('fault plan', () => {
  it('is the same for the same seed, and switching one fault off changes no other', () => {
    fc.assert(
      fc.property(fc.nat(100_000), fc.constantFrom(...FAULT_KINDS), (seed, off) => {
        const plan = drawFaultPlan(seed, HOURS_6);
        expect(drawFaultPlan(seed, HOURS_6)).toEqual(plan);
        const kept = FAULT_KINDS.filter((kind) => kind !== off);
        const smaller = withoutKinds(plan, [off]);
        expect(smaller.rates[off]).toBeUndefined();
        expect(kept.map((kind) => smaller.rates[kind])).toEqual(kept.map((k) => plan.rates[k]));
      }),
    );
  });

  it('has every fault on in some of the first 100 seeds, and off in others', () => {
    const on = new Map(FAULT_KINDS.map((kind) => [kind, 0]));
    for (let seed = 1; seed <= 100; seed += 1) {
      for (const kind of FAULT_KINDS) {
        if (drawFaultPlan(seed, HOURS_6).rates[kind] !== undefined) {
          on.set(kind, (on.get(kind) ?? 0) + 1);
        }
      }
    }
    for (const [kind, seeds] of on) expect([kind, seeds > 10 && seeds < 60]).toEqual([kind, true]);
  });

  it('takes families and faults by name, and refuses what it does not know', () => {
    expect(parseFaults('disk,crash')).toEqual([...kindsOf('disk'), 'crash']);
    expect(parseFaults('none')).toEqual([]);
    expect(() => parseFaults('gremlins')).toThrow(/there is no fault "gremlins"/);
    const plan = onlyKinds(drawFaultPlan(1, HOURS_6), ['crash']);
    expect(Object.keys(plan.rates)).toEqual(['crash']);
  });
});

describe('disk', () => {
  it('keeps what was synced and a part of the rest when the process dies', () => {
    const text = fc.string({ minLength: 1, maxLength: 9 });
    fc.assert(
      fc.property(fc.array(text), fc.array(text), fc.nat(), (synced, unsynced, seed) => {
        const disk = new SimulatedDisk();
        synced.forEach((each) => disk.append(each));
        disk.makeDurable(disk.length);
        unsynced.forEach((each) => disk.append(each));
        disk.crash(new Chance(seed, 'crash'));
        const [safe, all] = [synced.join(''), [...synced, ...unsynced].join('')];
        const bytes = new TextEncoder().encode(all);
        expect([...disk.read()]).toEqual([...bytes.subarray(0, disk.length)]);
        expect(disk.length).toBeGreaterThanOrEqual(new TextEncoder().encode(safe).length);
        expect(disk.length).toBeLessThanOrEqual(bytes.length);
      }),
    );
  });
});

describe('clock', () => {
  it('is never further off than a step and the drift since', () => {
    const clock = new LocalClock();
    const chance = new Chance(3, 'clock');
    clock.step(0, chance);
    clock.drift(0, chance);
    expect(Math.abs(clock.offsetMs(3_600_000))).toBeLessThanOrEqual(8_000 + 3_600_000 * 200e-6);
    clock.mend(5_000);
    expect(clock.read(9_000)).toBe(9_000);
  });
});
