import { describe, expect, it } from 'vitest';
import { Instrument } from '../../src/engine/instrument.ts';
import { idHalves } from '../../src/feeds/trade-id.ts';
import { tradeRows } from '../../src/feeds/trade-rows.ts';
import type { TradeRows } from '../../src/feeds/trade-rows.ts';
import { TradeStore } from '../../src/feeds/trade-store.ts';
import { badTrade } from '../../src/feeds/trade-verify.ts';
import { file, refusal, scratch, START, tree } from './helpers.ts';
import {
  csvOf,
  DAY,
  HEADER,
  instrument,
  lineOf,
  MS_PER_DAY,
  put,
  row,
  shop,
  stored,
} from './trade-helpers.ts';
import type { Trade } from './trade-helpers.ts';

const dir = scratch();

describe('a trade file is refused whole', () => {
  const later = row({ us: START * 1000 + 1_000_000, id: 'b' });
  const bad = (line: string): string => `${csvOf([row()])}${line}\n`;
  const cases: readonly (readonly [string, string, RegExp])[] = [
    [
      'an off-tick price',
      bad(lineOf(later).replace('60000.0', '60000.05')),
      /row 3: price 60000.05 is off the tick 0.10; --round-to-tick/,
    ],
    [
      'a size off the step',
      bad(lineOf(later).replace('0.001', '0.0015')),
      /row 3: size 0.0015 is not a whole number of steps of 0.001; correct qtyStep/,
    ],
    ['a size of zero', bad(lineOf({ ...later, steps: 0 })), /row 3: size 0.000 is not above zero/],
    [
      'a size that is none',
      bad(lineOf(later).replace('0.001', 'much')),
      /row 3: size "much" is not a number/,
    ],
    [
      'an unknown side',
      bad(lineOf(later).replace('Buy', 'Long')),
      /row 3: side "Long" is neither Buy nor Sell/,
    ],
    [
      'another symbol',
      bad(lineOf(later).replace('BTCUSDT', 'ETHUSDT')),
      /row 3: a trade of ETHUSDT, not of BTCUSDT/,
    ],
    ['no id', bad(lineOf({ ...later, id: '' })), /row 3: the trade id is empty/],
    [
      'an unreadable time',
      bad(lineOf(later).replace(/^[^,]*/, 'noon')),
      /row 3: time "noon" is not readable/,
    ],
    [
      'a unit that changes',
      bad(lineOf(later).replace(/^[^,]*/, '1704067200000')),
      /row 3: time 1704067200000 is in milliseconds, the rows before it in seconds/,
    ],
    ['a row cut off', bad(lineOf(later).slice(0, 40)), /row 3: expected 10 columns/],
    ['an empty line within', bad(`\n${lineOf(later)}`), /row 3: an empty line/],
    ['no header', `${lineOf(later)}\n`, /row 1 is no header/],
    ['a column missing', csvOf([row()]).replace('side', 'way'), /row 1: no side column among/],
    ['only a header', `${HEADER}\n`, /no rows, only a header/],
    [
      'one id with two prices',
      csvOf([row(), row({ ticks: 600_001 })]),
      /row 3: the trade of row 2 once more, with another price, size or side/,
    ],
    [
      'one id with two sizes',
      csvOf([row(), row({ steps: 2 })]),
      /row 3: the trade of row 2 once more/,
    ],
    [
      'one id with two sides',
      csvOf([row(), row({ side: -1 })]),
      /row 3: the trade of row 2 once more/,
    ],
    [
      'one id at two times',
      csvOf([row(), { ...later, id: 'a' }]),
      /one trade id is there at 2024-01-01T00:00:00Z and at 2024-01-01T00:00:01Z/,
    ],
  ];

  it.each(cases)('for %s', async (_, content, message) => {
    const one = shop();
    const text = await refusal(() => put(one, content));
    expect(text).toMatch(message);
    expect(text).not.toMatch(/\n/);
    expect(tree(one.dataDir)).toEqual({});
  });

  it('when one of its days contradicts a stored one, and no other day is written', async () => {
    const one = shop();
    await put(one, csvOf([row()]));
    const before = tree(one.dataDir);
    const early = row({ us: (START - MS_PER_DAY) * 1000, id: 'early' });
    const message = await refusal(() => put(one, csvOf([early, row({ id: 'other' })])));
    expect(message).toMatch(/row 3: conflict with trades linear BTCUSDT 2024-01-01 at 2024-01-01T/);
    expect(tree(one.dataDir)).toEqual(before);
  });

  it('when the instrument has another step than the stored tape', async () => {
    const one = shop();
    await put(one, csvOf([row()]));
    const finer = new TradeStore(
      one.dataDir,
      new Instrument({ ...instrument.spec, qtyStep: '0.0001' }),
    );
    expect(await refusal(() => finer.loadDay(DAY))).toMatch(/is stored with tick 0.10 and step/);
  });

  it('but an off-tick price is rounded where that is asked for, and noted', async () => {
    const one = shop();
    const path = file(dir, 'off.csv', csvOf([row()]).replace('60000.0', '60000.06'));
    const { roundedCells, days } = await one.trades.importFile(path, true);
    expect([roundedCells, days[0]?.roundedToTick]).toEqual([1, true]);
    expect((await stored(one))[0]?.ticks).toBe(600_001);
  });
});

describe('verify sees in a stored tape', () => {
  const tape = (...trades: readonly Trade[]): TradeRows => {
    const rows = tradeRows(trades.length);
    trades.forEach((trade, at) => {
      rows.timeUs[at] = trade.us;
      rows.priceTicks[at] = trade.ticks;
      rows.sizeSteps[at] = trade.steps;
      rows.takerSide[at] = trade.side;
      [rows.idHigh[at], rows.idLow[at]] = idHalves(trade.id);
    });
    return { ...rows, count: trades.length };
  };
  const next = row({ us: START * 1000 + 1, id: 'b' });

  it.each([
    ['nothing in a sound one', tape(row(), next), undefined],
    ['an order that is broken', tape(next, row()), /^row 2 .* breaks the order/],
    ['a trade of another day', tape(row({ us: START * 1000 - 1 })), /^row 1 .* not of the day/],
    ['a side that is none', tape(row(), { ...next, side: 0 }), /^row 2 .* is not a trade/],
    ['a price of zero', tape(row({ ticks: 0 })), /^row 1 .* is not a trade/],
    ['a size of zero', tape(row({ steps: 0 })), /^row 1 .* is not a trade/],
    ['one id twice', tape(row(), { ...next, id: 'a' }), /^rows 1 and 2 have one trade id/],
  ])('%s', (_, rows, problem) => {
    const found = badTrade(rows, DAY);
    if (problem === undefined) expect(found).toBe(undefined);
    else expect(found).toMatch(problem);
  });
});
