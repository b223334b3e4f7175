import fc from 'fast-check';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { histogram } from '../../src/report/distributions.ts';
import { formatAmount, formatDuration, formatMetric, formatTime } from '../../src/report/format.ts';
import { html, jsonForScript } from '../../src/report/html.ts';
import { rerunOf, shellWord } from '../../src/report/rerun.ts';
import { luckWords } from '../../src/report/sweep-luck.ts';
import { writeReport } from '../../src/report/write-report.ts';
import { METRICS, runHeader } from './metric-fixture.ts';

const currencies = { settle: 'BTC', quote: 'USD', qty: 'USD' };
const metric = (unit: string, digits = 2) =>
  ({ name: 'm', label: 'M', unit, better: 'higher', digits }) as const;

describe('text of a report', () => {
  it('carries no markup from data', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(html`<p title="${text}">${text}</p>`.text.slice(3)).not.toMatch(/<(?!\/p>)/);
        expect(html`${text}`.text).not.toMatch(/[<>"'`]/);
      }),
    );
  });

  it('embeds JSON that comes back whole and cannot end its element', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const json = jsonForScript({ text: `${text}</script><!--\u2028` });
        expect(json).not.toMatch(/[<>&\u2028\u2029]/);
        expect(JSON.parse(json)).toEqual({ text: `${text}</script><!--\u2028` });
      }),
    );
  });

  it('gives every number its unit', () => {
    expect(formatMetric(-1234.5, metric('quote'), currencies)).toBe('−1,234.50 USD');
    expect(formatMetric(0.00123456, metric('settle'), currencies)).toBe('0.001235 BTC');
    expect(formatMetric(12, metric('%', 1), currencies)).toBe('12.0 %');
    expect(formatMetric(1.5, metric('x'), currencies)).toBe('1.50×');
    expect(formatMetric(90_000, metric('ms'), currencies)).toBe('1 min 30 s');
    expect(formatMetric(3, metric('days', 0), currencies)).toBe('3 days');
    expect(formatMetric(70, metric('qty', 0), currencies)).toBe('70 USD');
    expect(formatMetric(7, metric('quote', 8), currencies)).toBe('7.00 USD');
    expect(formatMetric(null, metric(''), currencies)).toBe('n/a');
    expect(formatMetric(Infinity, metric(''), currencies)).toBe('∞');
  });

  it('writes no minus before a zero and no rounding to another sign', () => {
    expect(formatAmount(-0.001, 'USDT')).toBe('0.00 USDT');
    expect(formatDuration(0)).toBe('0 ms');
    expect(formatDuration(-90_000_000)).toBe('−1 d 1 h');
    expect(formatTime(Date.UTC(2024, 1, 29, 23, 59, 30))).toBe('2024-02-29 23:59:30 UTC');
  });

  it('loses no trade in a histogram', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true })), (values) => {
        const bins = histogram(values, 36);
        expect(bins.reduce((sum, bin) => sum + bin.n, 0)).toBe(values.length);
      }),
    );
  });

  it('quotes whatever a shell would read', () => {
    expect(shellWord('spacing=0.8')).toBe('spacing=0.8');
    expect(shellWord("a'; rm -rf /")).toBe("'a'\\''; rm -rf /'");
    expect(rerunOf(runHeader({ symbol: '$(x)' }), ['levels']).command).toMatch(
      /--symbol '\$\(x\)' .* --seed 7 --set spacingAtr=0.8 --set exitAtr=1.2/,
    );
  });

  it('says in plain words that nothing beats luck', () => {
    const luck = {
      trials: 1,
      effectiveTrials: 1,
      expectedBestSharpe: 1,
      pointsAbove: 0,
      bestSharpe: 0.5,
      method: '',
    };
    expect(luckWords(luck)).toContain('Nothing here beats luck');
    expect(luckWords({ ...luck, expectedBestSharpe: null })).toContain('n/a');
  });

  it('has a label for each metric of the fixture', () => {
    expect(new Set(METRICS.map(({ label }) => label)).size).toBe(METRICS.length);
  });
});

describe('writeReport', () => {
  it('makes the folder, replaces the file and leaves nothing else behind', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'report-'));
    const path = join(folder, 'deep', 'report.html');
    await writeReport(path, 'one');
    await writeReport(path, 'two');
    expect(await readFile(path, 'utf8')).toBe('two');
    expect(await readdir(join(folder, 'deep'))).toEqual(['report.html']);
    await rm(folder, { recursive: true });
  });
});
