import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { crc32OfText, crcText } from '../../src/live/journal/crc32.ts';
import { scratch, lockstep } from '../cli/support/lockstep.ts';

const folder = scratch();
const file = join(folder, 'seed.journal');
const made = lockstep(['simulate', '--seed', '3', '--hours', '1', '--journal', file], folder);
const lines = (): string[] => readFileSync(file, 'utf8').split('\n').slice(0, -1);

/** The line with its JSON changed, and a checksum that fits. */
function forged(line: string, change: (json: string) => string): string {
  const json = change(line.slice(9));
  return `${crcText(crc32OfText(json))} ${json}`;
}

function written(name: string, all: readonly string[]): string {
  const path = join(folder, name);
  writeFileSync(path, `${all.join('\n')}\n`);
  return path;
}

describe('lockstep replay', () => {
  it('D2 finds every command as it was written, through crashes and faults', () => {
    expect([made.code, made.err]).toEqual([0, expect.any(String)]);
    const { code, out } = lockstep(['replay', file], folder);
    expect(out).toMatch(/\d\d+ records, \d+ runs, \d+ commands: every command is the one that was/);
    expect(Number(/(\d+) commands/.exec(out)?.[1])).toBeGreaterThan(5);
    expect(code).toBe(0);
  });

  it('says the first difference with what is around it and what was believed, and ends with 1', () => {
    const all = lines();
    const at = all.findIndex((line) => line.includes('"k":"intent"') && line.includes('"price"'));
    const price = (json: string): string => json.replace(/"price":"\d+/, '"price":"17');
    const path = written('price.journal', all.with(at, forged(all[at] ?? '', price)));
    const { code, out } = lockstep(['replay', path], folder);
    expect(code).toBe(1);
    expect(out).toMatch(new RegExp(`^record ${at}: record ${at}: journal /v5/order/\\w+ .*"17`));
    expect(out).toMatch(new RegExp(`\n> +${at} .*INTENT`));
    expect(out).toContain(`belief at record ${at}:`);
  });

  it('says so when a command is missing', () => {
    const all = lines();
    const at = all.findIndex((line) => line.includes('"k":"intent"'));
    const renumbered = [...all.slice(0, at), ...all.slice(at + 1)].map((line, n) =>
      forged(line, (json) => json.replace(/^\{"n":\d+/, `{"n":${n}`)),
    );
    const { code, out } = lockstep(['replay', written('missing.journal', renumbered)], folder);
    expect(code).toBe(1);
    expect(out).toMatch(/an intent is missing|journal \/v5/);
  });

  it('refuses what is damaged or no journal with one line', () => {
    const all = lines();
    const path = written('damaged.journal', all.with(9, `${all[9] ?? ''} `));
    for (const each of [path, join(folder, 'nowhere'), folder]) {
      const { code, out, err } = lockstep(['replay', each], folder);
      expect([code, out]).toEqual([2, '']);
      expect(err).toMatch(/^lockstep: [^\n]+\n$/);
    }
  });
});

describe('lockstep journal', () => {
  it('verifies what is whole with 0, and names the record of what is damaged with 1', () => {
    const whole = lockstep(['journal', 'verify', file], folder);
    expect(whole.out).toContain(`${lines().length - 1} records in 1 files: every checksum`);
    expect(whole.code).toBe(0);
    const all = lines();
    const path = written('flipped.journal', all.with(7, (all[7] ?? '').replace('"n":7', '"n":6')));
    const { code, out } = lockstep(['journal', 'verify', path], folder);
    expect(out).toMatch(/^damaged: .*journal record 7 at byte \d+: damaged \(checksum/m);
    expect(code).toBe(1);
  });

  it('shows a timeline, filtered by kind, record and order', () => {
    const show = (...args: string[]): string[] =>
      lockstep(['journal', 'show', file, ...args], folder)
        .out.split('\n')
        .slice(0, -1);
    const intents = show('--kind', 'intent');
    expect(intents.length).toBe(lines().filter((line) => line.includes('"k":"intent"')).length);
    const linkId = /"orderLinkId":"([^"]+)"/.exec(intents[0] ?? '')?.[1] ?? '';
    const ofOrder = show('--order', linkId);
    expect(ofOrder.length).toBeGreaterThan(1);
    expect(show('--records', '2..4').every((line) => /^ +[234] 2026-/.test(line))).toBe(true);
    expect(show('--last', '3')).toHaveLength(3);
    expect(show('--kind', 'boot')[0]).toContain('boot run 1');
  });

  it('exports orders, executions, decisions and latency as tables', () => {
    const rows = (what: string): Record<string, unknown>[] =>
      lockstep(['journal', 'export', file, '--what', what, '--format', 'jsonl'], folder)
        .out.split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line) as Record<string, unknown>);
    const decisions = rows('decisions');
    expect(decisions[0]).toMatchObject({ action: 'create', side: expect.any(String) });
    const orders = rows('orders');
    expect(orders.length).toBe(decisions.filter(({ action }) => action === 'create').length);
    const executions = rows('executions');
    expect(new Set(executions.map(({ execId }) => execId)).size).toBe(executions.length);
    const legs = rows('latency').filter(({ answeredMs }) => answeredMs !== null);
    expect(legs.length).toBeGreaterThan(3);
    for (const leg of legs)
      expect(Number(leg['answeredMs'])).toBeGreaterThanOrEqual(Number(leg['sentMs']));
    const csv = join(folder, 'orders.csv');
    lockstep(['journal', 'export', file, '--what', 'orders', '--out', csv], folder);
    expect(readFileSync(csv, 'utf8').split('\n')).toHaveLength(orders.length + 2);
  });
});
