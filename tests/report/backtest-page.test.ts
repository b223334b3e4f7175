import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BacktestReportInput } from '../../src/report/backtest-input.ts';
import { renderBacktestReport } from '../../src/report/backtest-report.ts';
import { backtestFixture } from './backtest-fixture.ts';
import { findChromium, openReport, startBrowser } from './browser.ts';
import { HOSTILE } from './hostile.ts';

const chromium = findChromium();
if (chromium === undefined) console.warn('backtest page: skipped, no chromium on this machine');
const folder = mkdtempSync(join(tmpdir(), 'backtest-page-'));
const path = (name: string): string => join(folder, `${name}.html`);
const CHARTS = ['interval', 'equity', 'drawdown', 'monthly', 'trade-pnl', 'why', 'states', 'latency', 'order-life'];
const MARKS = 'path[d], rect, circle, .mark-symbol path';

const year = renderBacktestReport(backtestFixture(365));
afterAll(() => rmSync(folder, { recursive: true }));

describe('backtest page as bytes', () => {
  it('is the same for the same input', () => {
    expect(
      renderBacktestReport(backtestFixture(20)) === renderBacktestReport(backtestFixture(20)),
    ).toBe(true);
  });

  it('stays under 6 MB for a year of minutes', () => {
    expect(year.length).toBeLessThan(6e6);
  });

  it('forbids every request and names its scripts by hash', () => {
    const policy = /Content-Security-Policy" content="([^"]*)"/.exec(year)?.[1] ?? '';
    expect(policy).toContain('default-src &#39;none&#39;');
    expect(policy).toContain('connect-src &#39;none&#39;');
    expect(policy).not.toMatch(/script-src[^;]*unsafe|https?:/);
  });

  it('prints n/a with its reason, and the synthetic mark only on synthetic data', () => {
    const { result, ...rest } = backtestFixture(3);
    const page = renderBacktestReport({ ...rest, result });
    expect(page).toMatch(/n\/a<\/div>\s*<div class="under">no day lost money/);
    expect(page).toContain('SYNTHETIC DATA');
    const real = { ...result, run: { ...result.run, synthetic: false } };
    expect(renderBacktestReport({ ...rest, result: real })).not.toContain('SYNTHETIC DATA');
  });
});

describe.skipIf(chromium === undefined)('backtest page in a browser', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await startBrowser(chromium ?? '');
    writeFileSync(path('year'), year);
    writeFileSync(path('season'), renderBacktestReport(backtestFixture(120)));
  });
  afterAll(async () => browser.close());

  const canvas = (page: Page): Promise<Record<string, string>> =>
    page.evaluate<Record<string, string>>(
      '({ ...document.getElementById("candle-chart").dataset })',
    );
  // Polled from outside: the page's policy forbids it to evaluate text.
  const until = async (page: Page, condition: string): Promise<void> => {
    const text = `(() => { const d = document.getElementById("candle-chart").dataset; return ${condition}; })()`;
    await expect
      .poll(() => page.evaluate(text), { timeout: 10_000, message: condition })
      .toBe(true);
  };

  it('draws every chart with no request and no complaint', async () => {
    const { page, requests, problems } = await openReport(browser, path('year'));
    for (const chart of CHARTS) {
      expect(await page.locator(`#${chart}-chart svg`).count(), chart).toBe(1);
      expect(
        await page.locator(`#${chart}-chart svg`).locator(MARKS).count(),
        chart,
      ).toBeGreaterThan(2);
    }
    expect(Number((await canvas(page)).candles)).toBeGreaterThan(100);
    expect(requests).toEqual([]);
    expect(problems).toEqual([]);
    await page.context().close();
  });

  it('draws the life of the order that is chosen', async () => {
    const { page } = await openReport(browser, path('season'));
    const picture = page.locator('#order-life-picture');
    expect(await picture.locator('.life-row').count()).toBe(8);
    expect(await picture.textContent()).toContain('ls-0-0-entry-1, Buy entry, Filled');
    await page.locator('.life-pick').nth(1).click();
    expect(await picture.textContent()).toContain('ls-1-0-exit-2');
    await page.context().close();
  });

  it('zooms by wheel to real minutes around a trade, pans by drag, and comes back', async () => {
    const { page } = await openReport(browser, path('year'));
    const whole = await canvas(page);
    expect(Number(whole.resolution)).toBeGreaterThan(3_600_000);
    await page.click('[data-act=next]');
    await until(page, 'd.resolution === "60000"');
    const near = await canvas(page);
    expect(Number(near.fills)).toBeGreaterThan(0);
    expect(Number(near.levels)).toBeGreaterThan(0);
    const box = await page.locator('#candle-chart').boundingBox();
    await page.mouse.move((box?.x ?? 0) + 300, (box?.y ?? 0) + 200);
    await page.mouse.wheel(0, 240);
    await until(
      page,
      `Number(d.until) - Number(d.from) > ${(Number(near.until) - Number(near.from)) * 2}`,
    );
    const wide = await canvas(page);
    await page.mouse.down();
    await page.mouse.move((box?.x ?? 0) + 100, (box?.y ?? 0) + 200, { steps: 4 });
    await page.mouse.up();
    await until(page, `d.from !== "${wide.from}"`);
    expect(await page.locator('#candle-readout').textContent()).toContain('UTC');
    await page.click('[data-act=all]');
    await until(page, `d.from === "${whole.from}" && d.until === "${whole.until}"`);
    await page.context().close();
  });

  it('tells the candle, the fill and the reason under the pointer', async () => {
    const { page } = await openReport(browser, path('season'));
    await page.click('[data-act=next]');
    await until(page, 'd.resolution === "60000"');
    const box = await page.locator('#candle-chart').boundingBox();
    await page.mouse.move((box?.x ?? 0) + 400, (box?.y ?? 0) + 200);
    const text = await page.locator('#candle-readout').textContent();
    expect(text).toMatch(/1 min candle: open [\d,.]+, high .* USDT/);
    expect(text).toMatch(/slot \d/);
    await page.context().close();
  });

  it('sorts the trades and shows the one that is clicked', async () => {
    const { page } = await openReport(browser, path('season'));
    const head = page.locator('#trade-table th', { hasText: 'Net profit' });
    await head.locator('button').click();
    expect(await head.getAttribute('aria-sort')).toBe('descending');
    const values = await page.evaluate<number[]>(
      'Array.from(document.querySelectorAll("#trade-table tbody tr"), (row) => Number(row.cells[6].dataset.v))',
    );
    expect(values).toEqual(values.toSorted((a, b) => b - a));
    expect(values.length).toBe(200);
    const row = page.locator('#trade-table tbody tr').first();
    const entry = await row.getAttribute('data-from');
    await row.click();
    await until(page, `Number(d.from) < ${entry} && Number(d.until) > ${entry} && d.fills > 0`);
    await page.context().close();
  });

  it('fits a phone and changes its colours in the dark', async () => {
    const colours: string[] = [];
    for (const colorScheme of ['light', 'dark'] as const) {
      const { page, problems } = await openReport(browser, path('season'), {
        colorScheme,
        viewport: { width: 390, height: 800 },
      });
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
      colours.push(
        await page.evaluate<string>('getComputedStyle(document.body).backgroundColor'),
        (await page
          .locator('#equity-chart svg .mark-line.role-mark path')
          .first()
          .getAttribute('stroke')) ?? '',
      );
      expect(problems).toEqual([]);
      await page.context().close();
    }
    expect(new Set(colours).size).toBe(4);
  });

  it('redraws when the reader switches to dark', async () => {
    const { page } = await openReport(browser, path('season'), { colorScheme: 'light' });
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.waitForSelector('#equity-chart[data-drawn="2"]');
    expect(await page.locator('#equity-chart svg').count()).toBe(1);
    await page.context().close();
  });

  it('shows hostile text and runs none of it', async () => {
    writeFileSync(path('hostile'), renderBacktestReport(hostile(backtestFixture(4))));
    const { page, requests, problems } = await openReport(browser, path('hostile'));
    expect(await page.evaluate('window.hacked')).toBeUndefined();
    expect(await page.locator('h1').textContent()).toContain(HOSTILE);
    expect(await page.locator('main img, main iframe, main script').count()).toBe(0);
    await page.locator('#why-chart svg .mark-rect.role-mark path').first().hover();
    await page.hover('#candle-chart');
    expect([requests, problems]).toEqual([[], []]);
    await page.context().close();
  });

  it('draws a run without a trade, a reason or a month', async () => {
    const none = backtestFixture(2);
    writeFileSync(
      path('empty'),
      renderBacktestReport({
        ...none,
        trades: [],
        levels: [],
        reasons: [],
        fills: { ...none.fills, count: 0 },
        result: {
          ...none.result,
          metrics: {},
          notes: {},
          intervals: {},
          pathInterval: [],
          benchmarks: [],
          reasonHours: {},
          stateHours: {},
          monthly: [],
          warnings: [],
        },
      }),
    );
    const { page, problems } = await openReport(browser, path('empty'));
    expect(Number((await canvas(page)).candles)).toBeGreaterThan(10);
    expect(problems).toEqual([]);
    await page.context().close();
  });
});

function hostile(input: BacktestReportInput): BacktestReportInput {
  const { result } = input;
  return {
    ...input,
    metrics: input.metrics.map((metric) => ({ ...metric, label: `${metric.label}${HOSTILE}` })),
    trades: input.trades.map((trade) => ({ ...trade, exitRole: HOSTILE })),
    reasons: input.reasons.map((reason) => ({ ...reason, code: HOSTILE, text: HOSTILE })),
    result: {
      ...result,
      run: {
        ...result.run,
        symbol: HOSTILE,
        strategy: HOSTILE,
        path: HOSTILE,
        execution: HOSTILE,
        quoteCurrency: HOSTILE,
        settleCurrency: HOSTILE,
        params: { [HOSTILE]: HOSTILE },
        dataHash: HOSTILE,
        frictions: { [HOSTILE]: HOSTILE },
        from: HOSTILE,
        lockstepVersion: HOSTILE,
      },
      notes: { sharpe: HOSTILE },
      reasonHours: { [HOSTILE]: 3 },
      stateHours: { [HOSTILE]: 3 },
      monthly: [{ month: HOSTILE, returnPct: 1 }],
      warnings: [{ code: HOSTILE, text: HOSTILE }],
      pathInterval: result.pathInterval.map((outcome) => ({ ...outcome, execution: HOSTILE })),
    },
  };
}
