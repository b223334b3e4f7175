import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { deploymentText } from '../../src/live/deployment/seal.ts';
import { compareRuns } from '../../src/live/parity/compare.ts';
import type { Parity } from '../../src/live/parity/compare.ts';
import { tradingRecords } from '../../src/live/parity/story.ts';
import { optionsOf, segmentsOf } from '../../src/cli/journal-reader.ts';
import type { NumberedRecord } from '../../src/live/journal/record.ts';
import { lockstep, scratch } from '../cli/support/lockstep.ts';
import { busyDeployment, parityMarket } from './support/parity-deployment.ts';

const folder = scratch();

function recordsOf(place: string): NumberedRecord[] {
  const segments = [...segmentsOf(join(folder, 'parity', place))];
  return segments.flatMap(({ records }) => [...records]).slice(0, 4_000);
}

function compared(change: (records: NumberedRecord[]) => NumberedRecord[]): Parity {
  const options = optionsOf(join(folder, 'parity', 'wire'));
  const trading = (records: NumberedRecord[]) => tradingRecords(records, options);
  return compareRuns(trading(recordsOf('in-process')), trading(change(recordsOf('wire'))));
}

describe('lockstep parity', () => {
  it('trades a day over SDK, HTTP and WebSocket as in one process, record by record', () => {
    const { synth, market } = parityMarket(1);
    expect(lockstep(synth, folder).code).toBe(0);
    const deployment = busyDeployment(Date.UTC(2024, 0, 1));
    writeFileSync(join(folder, 'deployment.json'), deploymentText(deployment));
    const ran = lockstep(['parity', '--deployment', 'deployment.json', ...market], folder);
    expect(ran.err).toBe('');
    const [, records, commands, fills] =
      /(\d+) records, (\d+) commands, (\d+) fills: the same, record by record/.exec(ran.out) ?? [];
    expect([ran.code, Number(commands) > 200, Number(fills) > 50]).toEqual([0, true, true]);
    expect(Number(records)).toBeGreaterThan(20_000);
    const replayed = lockstep(['replay', join('parity', 'wire')], folder);
    expect(replayed.out).toMatch(/every command is the one that was written/);
  }, 180_000);

  it('names the first record that differs, and the commands and fills that do', () => {
    const same = compared((records) => records);
    expect([same.difference, same.deeds]).toEqual([undefined, []]);
    const at = recordsOf('wire').findLastIndex(({ k }) => k === 'intent');
    const without = compared((records) => records.filter((_record, index) => index !== at));
    expect(without.commands).toBe(same.commands - 1);
    expect(without.deeds).toMatchObject([{ first: { kind: 'command' }, second: undefined }]);
    expect(without.difference?.first[0]?.record.k).toBe('intent');
    expect(without.records).toBeLessThan(same.records);
    const dearer = compared((records) =>
      records.map((record, index) =>
        index === at
          ? { ...record, params: { ...(record['params'] as object), price: '1' } }
          : record,
      ),
    );
    expect(dearer.deeds).toMatchObject([
      { second: { text: expect.stringContaining('"1"') as string } },
    ]);
  }, 60_000);
});
