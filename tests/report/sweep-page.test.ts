import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SweepReportInput } from '../../src/report/sweep-input.ts';
import { renderSweepReport } from '../../src/report/sweep-report.ts';
import { findChromium, openReport, startBrowser } from './browser.ts';
import type { OpenPage } from './browser.ts';
import { HOSTILE } from './hostile.ts';
import { range, sweepFixture } from './sweep-fixture.ts';

const chromium = findChromium();
if (chromium === undefined) console.warn('sweep page: skipped, no chromium on this machine');
const folder = mkdtempSync(join(tmpdir(), 'sweep-page-'));
afterAll(() => rmSync(folder, { recursive: true }));

const ONE = { axes: { spacingAtr: range(0.4, 0.1, 16) } };
const TWO = { axes: { spacingAtr: range(0.4, 0.1, 12), exitAtr: range(0.4, 0.2, 9) } };
const THREE = { axes: { ...TWO.axes, levels: [2, 4, 6] } };
const LARGE = {
  axes: { spacingAtr: [0.2, 3], exitAtr: [0.2, 4], stopAtr: [2, 9] },
  random: 100_000,
};

describe('sweep page as bytes', () => {
  it('is the same for the same input', () => {
    expect(renderSweepReport(sweepFixture(TWO)) === renderSweepReport(sweepFixture(TWO))).toBe(
      true,
    );
  });
});

describe.skipIf(chromium === undefined)('sweep page in a browser', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await startBrowser(chromium ?? '');
  });
  afterAll(async () => browser.close());

  const open = (name: string, input: SweepReportInput, options = {}): Promise<OpenPage> => {
    const path = join(folder, `${name}.html`);
    writeFileSync(path, renderSweepReport(input));
    return openReport(browser, path, options);
  };
  const cells = (page: Page, chart: string): Promise<string[]> =>
    page.evaluate<string[]>(
      `Array.from(document.querySelectorAll("#${chart} svg .mark-rect.role-mark path"), (path) => path.getAttribute("fill"))`,
    );
  const choose = async (
    page: Page,
    chart: string,
    label: string,
    option: string,
  ): Promise<void> => {
    const drawn = await page.getAttribute(`#${chart}-chart`, 'data-drawn');
    await page
      .locator(`#${chart}-controls select[aria-label="${label}"]`)
      .selectOption({ label: option });
    await page.waitForSelector(`#${chart}-chart:not([data-drawn="${drawn}"])`);
  };
  const quiet = ({ requests, problems }: OpenPage): void => {
    expect([requests, problems]).toEqual([[], []]);
  };

  it('shows one axis as a line, without a map', async () => {
    const opened = await open('one', sweepFixture(ONE));
    expect(await opened.page.locator('#map').count()).toBe(0);
    expect(await opened.page.locator('#line-chart svg .mark-symbol path').count()).toBe(16);
    quiet(opened);
    await opened.page.context().close();
  });

  it('shows two axes as a map beside the plateau, with the best plateau outlined in both', async () => {
    const opened = await open('two', sweepFixture(TWO));
    const { page } = opened;
    expect((await cells(page, 'map-chart')).length).toBe(12 * 9 + 1);
    expect((await cells(page, 'plateau-chart')).length).toBe(12 * 9 + 1);
    for (const chart of ['distribution', 'line', 'finalist', 'equity']) {
      expect(await page.locator(`#${chart}-chart svg path`).count(), chart).toBeGreaterThan(3);
    }
    expect(await page.locator('#luck').textContent()).toContain('108 points were tried');
    expect(await page.locator('#ranked-table tbody tr').count()).toBe(50);
    quiet(opened);
    await page.context().close();
  });

  it('maps another metric, other axes and one value of the rest', async () => {
    const opened = await open('three', sweepFixture(THREE));
    const { page } = opened;
    const before = await cells(page, 'map-chart');
    await choose(page, 'map', 'Metric', 'Trades');
    const trades = await cells(page, 'map-chart');
    expect(trades).not.toEqual(before);
    await choose(page, 'map', 'Over the rest', 'worst');
    expect(await cells(page, 'map-chart')).not.toEqual(trades);
    const worst = await cells(page, 'map-chart');
    await choose(page, 'map', 'levels', '4');
    expect(await cells(page, 'map-chart')).not.toEqual(worst);
    await choose(page, 'map', 'Up', 'levels');
    expect((await cells(page, 'map-chart')).length).toBe(12 * 3 + 1);
    await choose(page, 'map', 'Across', 'levels');
    expect((await cells(page, 'map-chart')).length).toBe(12 * 3 + 1);
    quiet(opened);
    await page.context().close();
  });

  it('shows a clicked point with its numbers and the command that runs it again', async () => {
    const input = sweepFixture(TWO);
    const { page } = await open('click', input);
    await page.locator('#map-chart svg .mark-rect.role-mark path').nth(5).click();
    const text = await page.locator('#point').textContent();
    const id = Number(/^Point (\d+)/.exec(text ?? '')?.[1]);
    const { params } = input.points;
    expect(await page.locator('#point .command').textContent()).toContain(
      `--strategy atr-grid --path direction --execution home --leverage 5 --seed 7` +
        ` --set levels=6 --set stopAtr=6 --set atrPeriod=14 --set allowShort=false` +
        ` --set spacingAtr=${String(params.spacingAtr?.[id])} --set exitAtr=${String(params.exitAtr?.[id])}`,
    );
    await page.locator('#ranked-table tbody tr').nth(2).click();
    expect(await page.locator('#point h3').textContent()).toContain(', rank 3');
    await page.context().close();
  });

  it('says n/a for what could not be computed, in a cell and in a point', async () => {
    const { page } = await open('na', sweepFixture(TWO));
    const missing = page
      .locator('#plateau-chart svg .mark-rect.role-mark path[opacity="0.5"]')
      .first();
    await missing.click();
    const facts = await page.locator('#point dl').textContent();
    expect(facts).toMatch(/Plateau scoren\/a/);
    await page.context().close();
  });

  it('shows 100,000 random points by what was made of them, under 10 MB', async () => {
    const input = sweepFixture(LARGE);
    const size = renderSweepReport(input).length;
    expect(size).toBeLessThan(10e6);
    const opened = await open('large', input);
    const { page } = opened;
    expect((await cells(page, 'map-chart')).length).toBe(24 * 24 + 1);
    expect(await page.locator('#scatter-count').textContent()).toMatch(
      /^2,\d{3} of 100,000 points are drawn/,
    );
    expect(await page.locator('#scatter-chart canvas').count()).toBe(1);
    const before = await cells(page, 'map-chart');
    await choose(page, 'map', 'Metric', 'Fees paid');
    expect(await cells(page, 'map-chart')).not.toEqual(before);
    await choose(page, 'map', 'Over the rest', 'worst');
    await choose(page, 'map', 'Up', 'stopAtr');
    expect((await cells(page, 'map-chart')).length).toBe(24 * 24 + 1);
    expect(await page.locator('#gathered').textContent()).toMatch(/made of all\s+100,000 points/);
    expect(await page.locator('#map-controls select[aria-label="Metric"] option').count()).toBe(input.metrics.length);
    // A point that the page does not hold in full: its parameters, and what was clicked.
    await page.locator('#map-chart svg .mark-rect.role-mark path').nth(100).click();
    const text = (await page.locator('#point').textContent()) ?? '';
    const id = Number(/^Point (\d+)/.exec(text)?.[1]);
    expect(text).toContain('Fees paid');
    expect(text).toContain(`points.csv, in line ${(id + 2).toLocaleString('en')}.`);
    expect(await page.locator('#point .command').textContent()).toContain(
      `--set spacingAtr=${String(input.points.params.spacingAtr?.[id])} `,
    );
    await page.locator('#ranked-table tbody tr').nth(2).click();
    const ranked = await page.locator('#point dl').textContent();
    for (const { label } of input.metrics) expect(ranked).toContain(label);
    quiet(opened);
    await page.context().close();
  });

  it('fits a phone and changes its colours in the dark', async () => {
    const seen: string[] = [];
    for (const colorScheme of ['light', 'dark'] as const) {
      const opened = await open('phone', sweepFixture(THREE), {
        colorScheme,
        viewport: { width: 390, height: 800 },
      });
      expect(await opened.page.evaluate('document.documentElement.scrollWidth')).toBe(390);
      seen.push((await cells(opened.page, 'map-chart')).join());
      quiet(opened);
      await opened.page.context().close();
    }
    expect(seen[0]).not.toBe(seen[1]);
  });

  it('shows hostile text and runs none of it', async () => {
    const opened = await open('hostile', hostile(sweepFixture(TWO)));
    const { page } = opened;
    await page.locator('#map-chart svg .mark-rect.role-mark path').nth(5).hover();
    await page.waitForSelector('#vg-tooltip-element.visible');
    expect(await page.locator('#vg-tooltip-element').textContent()).toContain('hacked=1');
    await page.locator('#map-chart svg .mark-rect.role-mark path').nth(5).click();
    expect(await page.locator('#point').textContent()).toContain(HOSTILE);
    expect(await page.evaluate('window.hacked')).toBeUndefined();
    expect(await page.locator('main img, main script, #vg-tooltip-element img').count()).toBe(0);
    quiet(opened);
    await page.context().close();
  });
});

function hostile(input: SweepReportInput): SweepReportInput {
  const { spacingAtr = [], exitAtr = [] } = input.points.params;
  const words = spacingAtr.map((value) => `${HOSTILE}${String(value)}`);
  const { result } = input;
  return {
    ...input,
    metrics: input.metrics.map((metric) => ({ ...metric, label: `${metric.label}${HOSTILE}` })),
    points: { ...input.points, params: { [HOSTILE]: words, exitAtr } },
    bestEquity: undefined as never,
    result: {
      ...result,
      rankedBy: HOSTILE,
      axes: [{ name: HOSTILE, values: words }],
      run: {
        ...result.run,
        symbol: HOSTILE,
        strategy: HOSTILE,
        settleCurrency: HOSTILE,
        params: { [HOSTILE]: HOSTILE },
      },
      ranked: result.ranked.map((point) => ({ ...point, params: { [HOSTILE]: HOSTILE } })),
      luck: { ...result.luck, method: HOSTILE },
      warnings: [{ code: HOSTILE, text: HOSTILE }],
    },
  };
}
