import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BacktestReportInput, BesideFill } from '../../src/report/backtest-input.ts';
import { renderBacktestReport } from '../../src/report/backtest-report.ts';
import type { BesideCandles } from '../../src/sweep/beside-results.ts';
import { quantilesOf } from '../../src/sweep/latency-quantiles.ts';
import { backtestFixture } from './backtest-fixture.ts';
import { findChromium, openReport, startBrowser } from './browser.ts';
import { HOSTILE } from './hostile.ts';

const chromium = findChromium();
const folder = mkdtempSync(join(tmpdir(), 'beside-page-'));
const path = (name: string): string => join(folder, `${name}.html`);
afterAll(() => rmSync(folder, { recursive: true }));

const RUN = { returnOnCapital: -4.29, maxDrawdown: 7.3, makerShare: 98.8, capital: 9_068.9 };
const COUNTS = { roundTrips: 83, fees: 104.4, funding: 11.8, unfinished: 1, liquidated: false };
const BESIDE: BesideCandles = {
  path: 'direction',
  trades: { ...RUN, ...COUNTS, netProfit: -388, executions: 415, filledOrders: 163, inParts: 151 },
  candles: { ...RUN, ...COUNTS, netProfit: -379, executions: 153, filledOrders: 153, inParts: 0 },
  difference: { netProfit: -9, prices: 0.5, fees: -8, funding: -0.5, rest: -1 },
  fills: {
    windowMs: 300_000,
    matched: 119,
    onlyOnTrades: 44,
    onlyOnCandles: 34,
    sameCandle: 92,
    samePrice: 35,
    later: quantilesOf([6_501, 88_241]),
    earlier: quantilesOf([18_002]),
    worse: { count: 41, meanTicks: 377.6, money: 77.4 },
    better: { count: 43, meanTicks: 362.8, money: 77.9 },
    becameTaker: 2,
    becameMaker: 0,
  },
  queue: { waits: quantilesOf([0, 0, 40_391]), atOnce: 2, inVain: 7 },
};

function tradesFixture(summary: BesideCandles = BESIDE, many = 30): BacktestReportInput {
  const input = backtestFixture(4);
  const { result, equity } = input;
  const frictions = { throughTicks: 1, participation: 0.05, queueAhead: '60s' };
  const fills = Array.from({ length: many }, (_, at): BesideFill => {
    const where = (['both', 'trades', 'candles'] as const)[at % 3] ?? 'both';
    const both = where === 'both';
    return {
      where,
      side: at % 2 === 0 ? 'buy' : 'sell',
      role: at % 2 === 0 ? 'entry' : 'exit',
      timeMs: (equity.timeMs[0] ?? 0) + (at * 4 * 86_400_000) / many,
      price: 42_500 + 40 * (at % 11),
      laterMs: both ? 900 * (at - 6) : null,
      worse: both ? (at - 6) / 10 : null,
    };
  });
  return {
    ...input,
    result: {
      ...result,
      run: {
        ...result.run,
        path: 'trades',
        frictions,
        from: '2024-01-01T00:00:00.000Z',
        to: '2024-01-05T00:00:00.000Z',
      },
      besideCandles: summary,
    },
    beside: {
      candlesProfit: equity.strategy.map((profit, at) => profit + Math.sin(at / 900)),
      fills,
    },
  };
}

describe('trades beside candles as text', () => {
  /** The two sections that speak of it. */
  function words(input: BacktestReportInput): string {
    const page = renderBacktestReport(input);
    const sections = page.slice(page.indexOf('id="interval"'), page.indexOf('id="equity"'));
    return sections.replace(/<[^>]*>/g, '').replace(/\s+/g, ' ');
  }

  it('stands in the report of a run on trades, and in no other', () => {
    expect(renderBacktestReport(tradesFixture())).toContain('id="beside"');
    expect(renderBacktestReport(backtestFixture(2))).not.toContain('id="beside');
  });

  it('says both profits, the difference with its sign, and each cause with its number', () => {
    const text = words(tradesFixture());
    expect(text).toContain('−388.00 USDT on the trades and −379.00 USDT on their candles');
    expect(text).toContain('Candles make it look 9.00 USDT better than it was.');
    expect(text).toContain('60 s of traded volume');
    expect(text).toContain('one waited 40 s. 7 times an order was reached');
    expect(text).toContain('at most 5.0 % of its size: 151 of 163 filled orders came in parts');
    expect(text).toContain('of 119 matched fills 92 lie in the same 1m candle');
    expect(text).not.toMatch(/undefined|NaN/);
  });

  it('calls the trades the answer in the honest interval, and candles what they leave open', () => {
    const text = words(tradesFixture());
    expect(text).toContain('its own line (trades) is the answer');
    expect(text).toContain('Net profit on the trades is');
    expect(text).not.toContain('Net profit lies between');
    expect(words(backtestFixture(2))).toContain('Net profit lies between');
  });
});

describe.skipIf(chromium === undefined)('trades beside candles in a browser', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await startBrowser(chromium ?? '');
  });
  afterAll(async () => browser.close());

  it('draws both profits, their difference and every fill, without a complaint', async () => {
    writeFileSync(path('trades'), renderBacktestReport(tradesFixture()));
    const { page, requests, problems } = await openReport(browser, path('trades'));
    for (const [chart, lines] of [
      ['beside-equity', 2],
      ['beside-gap', 1],
    ] as const)
      expect(await page.locator(`#${chart}-chart svg .mark-line.role-mark path`).count()).toBe(
        lines,
      );
    const marks = page.locator('#beside-fills-chart svg .mark-symbol.role-mark path');
    expect(await marks.count()).toBe(30);
    const x = await page.evaluate<number[]>(
      'Array.from(document.querySelectorAll("#beside-fills-chart svg .mark-symbol.role-mark path"), (each) => each.getBoundingClientRect().x)',
    );
    expect(Math.max(...x) - Math.min(...x)).toBeGreaterThan(500);
    await marks.first().hover();
    expect([requests, problems]).toEqual([[], []]);
    await page.context().close();
  });

  it('fits a phone', async () => {
    writeFileSync(path('phone'), renderBacktestReport(tradesFixture()));
    const { page } = await openReport(browser, path('phone'), {
      viewport: { width: 390, height: 800 },
    });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
    await page.context().close();
  });

  it('says how many fills it draws where it cannot draw all', async () => {
    writeFileSync(path('many'), renderBacktestReport(tradesFixture(BESIDE, 7_000)));
    const { page, problems } = await openReport(browser, path('many'));
    const shown = await page.locator('#beside-fills-chart svg .mark-symbol.role-mark path').count();
    expect(shown).toBeLessThanOrEqual(3_000);
    expect(await page.locator('#beside').textContent()).toContain(
      `shows ${shown.toLocaleString('en-US')} of 7,000 fills`,
    );
    expect(problems).toEqual([]);
    await page.context().close();
  });

  it('draws runs without a fill, and shows hostile text without running it', async () => {
    const none = quantilesOf([]);
    const zero = { count: 0, meanTicks: null, money: 0 };
    const nothing = { ...BESIDE.fills, matched: 0, onlyOnTrades: 0, onlyOnCandles: 0 };
    const input = tradesFixture(
      {
        ...BESIDE,
        trades: { ...BESIDE.trades, returnOnCapital: null, makerShare: null },
        fills: {
          ...nothing,
          sameCandle: 0,
          samePrice: 0,
          later: none,
          earlier: none,
          worse: zero,
          better: zero,
        },
        queue: { waits: none, atOnce: 0, inVain: 0 },
      },
      0,
    );
    const run = {
      ...input.result.run,
      settleCurrency: HOSTILE,
      quoteCurrency: HOSTILE,
      interval: HOSTILE,
      frictions: { queueAhead: HOSTILE },
    };
    const hostile = { ...input, result: { ...input.result, run } };
    writeFileSync(path('hostile'), renderBacktestReport(hostile));
    const { page, requests, problems } = await openReport(browser, path('hostile'));
    expect(await page.evaluate('window.hacked')).toBeUndefined();
    expect(await page.locator('#beside img, #beside script').count()).toBe(0);
    expect(await page.locator('#beside').textContent()).toContain('n/a');
    expect([requests, problems]).toEqual([[], []]);
    await page.context().close();
  });
});
