import { readFileSync } from 'node:fs';
import { crc32 as zlibCrc } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crc32, crc32OfText, crcText } from '../../src/live/journal/crc32.ts';
import { decodeJournal } from '../../src/live/journal/decode.ts';
import type { DecodedJournal } from '../../src/live/journal/decode.ts';
import { encodeHeader, encodeRecord } from '../../src/live/journal/encode.ts';
import type { JournalHeader, JournalRecord } from '../../src/live/journal/record.ts';

const HEADER: JournalHeader = {
  k: 'header',
  format: 1,
  deployment: 'demo01',
  configHash: '9f2c',
  version: '0.1.0',
};

/** What a writer may hand over: JSON values, and the numbers that JSON lacks. */
const value = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.double(),
  fc.constantFrom(NaN, Infinity, -Infinity, -0),
  fc.constantFrom('\u0000', '\u0000NaN', '\u0000\u0000-0', '\\u0000NaN', 'straße\n€', '\ud800'),
);
const record: fc.Arbitrary<JournalRecord> = fc
  .tuple(fc.string(), value, fc.array(value, { maxLength: 3 }))
  .map(([k, first, list]) => ({ k, first, list }));
const records = fc.array(record, { maxLength: 6 });

function journalOf(list: readonly JournalRecord[]): string {
  return encodeHeader(HEADER) + list.map((entry, at) => encodeRecord(at + 1, entry)).join('');
}

function numbered(list: readonly JournalRecord[]): unknown {
  return list.map((entry, at) => ({ n: at + 1, ...entry }));
}

function whole(journal: DecodedJournal): Extract<DecodedJournal, { ok: true }> {
  if (!journal.ok) throw new Error(journal.problem);
  return journal;
}

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const SAMPLE: readonly JournalRecord[] = [
  { k: 'input', ...{ input: { t: 'boot', atMs: 1_700_000_000_000, run: 1 } } },
  { k: 'intent', ...{ linkId: 'ls-demo01-0-1-entry-1', text: 'é' } },
  { k: 'input', ...{ input: { t: 'candle', closeTicks: 5, indicators: [NaN, -0, 1.5] } } },
];

describe('a journal', () => {
  it('gives back what was written, every number bit for bit', () => {
    fc.assert(
      fc.property(records, (list) => {
        const text = journalOf(list);
        const read = whole(decodeJournal(text, { deployment: 'demo01' }));
        expect(read.header).toEqual(HEADER);
        expect(read.records).toEqual(numbered(list));
        expect([read.tail, read.wholeBytes]).toEqual(['clean', bytesOf(text).length]);
      }),
    );
  });

  it('has one record a line, whatever the record says', () => {
    fc.assert(
      fc.property(records, (list) => {
        const lines = journalOf(list).split('\n');
        expect(lines).toHaveLength(list.length + 2);
        expect(lines.pop()).toBe('');
        for (const line of lines) expect(line).toMatch(/^[0-9a-f]{8} \{"n":\d+,"k":".*\}$/);
      }),
    );
  });

  it('begins as its documentation shows', () => {
    const page = readFileSync(new URL('../../docs/journal.md', import.meta.url), 'utf8');
    expect(page).toContain(`\n${encodeHeader(HEADER)}`);
  });

  it('cut at any byte is the records before the cut, and says that its tail is torn', () => {
    const bytes = bytesOf(journalOf(SAMPLE));
    const all = whole(decodeJournal(bytes)).records;
    for (let end = 0; end <= bytes.length; end += 1) {
      const cut = whole(decodeJournal(bytes.subarray(0, end)));
      const lines = bytes.subarray(0, end).filter((byte) => byte === 10).length;
      expect(cut.header).toEqual(lines > 0 ? HEADER : undefined);
      expect(cut.records).toEqual(all.slice(0, Math.max(0, lines - 1)));
      expect(cut.tail).toBe(cut.wholeBytes === end ? 'clean' : 'torn');
      expect(whole(decodeJournal(bytes.subarray(0, cut.wholeBytes))).tail).toBe('clean');
    }
  });

  it('goes on after a cut as if the torn record had never been begun', () => {
    const bytes = bytesOf(journalOf(SAMPLE));
    const torn = whole(decodeJournal(bytes.subarray(0, bytes.length - 3)));
    const kept = new TextDecoder().decode(bytes.subarray(0, torn.wholeBytes));
    const next = { k: 'input', ...{ input: { t: 'boot', run: 2 } } };
    const read = whole(decodeJournal(kept + encodeRecord(torn.records.length + 1, next)));
    expect(read.records.at(-1)).toEqual({ n: 3, ...next });
  });

  it('never hides a flipped bit: it is refused, or the last record counts as torn', () => {
    const bytes = bytesOf(journalOf(SAMPLE));
    const last = bytes.lastIndexOf(10);
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const flipped = bytes.slice();
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const read = decodeJournal(flipped);
      if (bit >> 3 !== last) expect([bit, read.ok]).toEqual([bit, false]);
      else expect(read).toMatchObject({ tail: 'torn', records: { length: SAMPLE.length - 1 } });
    }
  });

  it('with a record missing, doubled or out of order is refused', () => {
    const lines = journalOf(SAMPLE).split(/(?<=\n)/);
    const [header = '', one = '', two = '', three = ''] = lines;
    for (const order of [
      [one, three],
      [one, one, two],
      [two, one],
      [one, header, two],
    ]) {
      const read = decodeJournal(header + order.join(''));
      expect(read).toMatchObject({ ok: false });
    }
    expect(decodeJournal(one + two).ok).toBe(false);
    expect(decodeJournal(header + three)).toEqual({
      ok: false,
      problem: expect.stringMatching(
        /^journal record 1 at byte \d+: damaged \(number 3, .*missing/,
      ),
    });
  });

  it('of another deployment, or of a newer format, is refused with one line', () => {
    const text = journalOf(SAMPLE);
    expect(decodeJournal(text, { deployment: 'other9' })).toEqual({
      ok: false,
      problem:
        'journal record 0 at byte 0: of deployment "demo01", expected other9; ' +
        'give each deployment its own journal',
    });
    expect(decodeJournal(encodeHeader({ ...HEADER, format: 2 }))).toEqual({
      ok: false,
      problem:
        'journal record 0 at byte 0: format 2 is newer than 1, the newest known; ' +
        'use a newer version',
    });
    for (const format of [0, -1, NaN, 0.5]) {
      expect(decodeJournal(encodeHeader({ ...HEADER, format })).ok).toBe(false);
    }
  });

  it('that was never begun is empty, not wrong', () => {
    const empty = {
      ok: true,
      header: undefined,
      records: [],
      baseSeq: 0,
      lastCrc: '',
      wholeBytes: 0,
    };
    expect(decodeJournal('')).toEqual({ ...empty, tail: 'clean' });
    expect(decodeJournal('1a2b')).toEqual({ ...empty, tail: 'torn' });
    expect(decodeJournal(new Uint8Array(4096))).toEqual({ ...empty, tail: 'torn' });
  });

  it('of any bytes at all is read or refused with one line, and never throws', () => {
    const check = (bytes: string | Uint8Array): void => {
      const read = decodeJournal(bytes);
      if (!read.ok) expect(read.problem).toMatch(/^journal record \d+ at byte \d+: [^\n\r]+$/);
    };
    const line = fc.tuple(fc.string(), fc.string()).map(([a, b]) => `${a} ${b}\n`);
    const signed = fc.string().map((json) => `${crcText(crc32OfText(json))} ${json}\n`);
    const lines = fc.array(fc.oneof(line, signed)).map((list) => list.join(''));
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), check));
    fc.assert(fc.property(lines, (text) => check(encodeHeader(HEADER) + text)));
    const odd = ['null', '5', '[]', '{}', '{"n":1}', '{"n":"1","k":"x"}', '{"n":1,"k":2}'];
    for (const json of [...odd, `${'['.repeat(200_000)}${']'.repeat(200_000)}`]) {
      const text = `${encodeHeader(HEADER)}${crcText(crc32OfText(json))} ${json}\n`;
      expect(decodeJournal(text)).toMatchObject({ ok: false });
    }
  });
});

describe('writing', () => {
  it('keeps record numbers to the journal', () => {
    expect(() => encodeRecord(0, { k: 'x' })).toThrow(/number 0/);
    expect(() => encodeRecord(1.5, { k: 'x' })).toThrow(/number 1.5/);
    expect(() => encodeRecord(1, { k: 'x', ...{ n: 3 } })).toThrow(/number of its own/);
  });
});

describe('the checksum', () => {
  it('is CRC-32 as everybody computes it', () => {
    expect(crcText(crc32OfText('123456789'))).toBe('cbf43926');
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const bytes = bytesOf(text);
        expect(crc32(bytes, 0, bytes.length)).toBe(zlibCrc(bytes));
        expect(crc32OfText(text)).toBe(zlibCrc(bytes));
      }),
    );
  });
});
