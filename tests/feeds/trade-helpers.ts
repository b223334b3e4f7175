import fc from 'fast-check';
import { TradeStore } from '../../src/feeds/trade-store.ts';
import type { TradeImport } from '../../src/feeds/trade-store.ts';
import { file, scratch, shipped, START } from './helpers.ts';

export const instrument = shipped();
export const DAY = '2024-01-01';
export const MS_PER_DAY = 86_400_000;
export const HEADER =
  'timestamp,symbol,side,size,price,tickDirection,trdMatchID,' +
  'grossValue,homeNotional,foreignNotional';

export type Trade = { us: number; side: number; steps: number; ticks: number; id: string };

/** Trades of up to three days, oldest first, some of them at one time. */
export const tapes: fc.Arbitrary<Trade[]> = fc
  .array(
    fc.record({
      gapUs: fc.oneof(
        fc.constant(0),
        fc.integer({ min: 1, max: 5_000 }),
        fc.integer({ min: 1, max: 7_200_000_000 }),
      ),
      side: fc.constantFrom(1, -1),
      steps: fc.integer({ min: 1, max: 1e9 }),
      ticks: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
    }),
    { minLength: 1, maxLength: 40 },
  )
  .map((rows) => {
    let us = START * 1000;
    return rows.map(({ gapUs, ...rest }, index) => {
      us += gapUs;
      return { ...rest, us, id: `id-${index}` };
    });
  });

export function lineOf({ us, side, steps, ticks, id }: Trade): string {
  const seconds = `${Math.floor(us / 1e6)}.${String(us % 1e6).padStart(6, '0')}`;
  const size = `${Math.floor(steps / 1000)}.${String(steps % 1000).padStart(3, '0')}`;
  const price = `${Math.floor(ticks / 10)}.${ticks % 10}`;
  return `${seconds},BTCUSDT,${side > 0 ? 'Buy' : 'Sell'},${size},${price},PlusTick,${id},1,1,1`;
}

export function csvOf(trades: readonly Trade[]): string {
  return `${[HEADER, ...trades.map(lineOf)].join('\n')}\n`;
}

export type Shop = { readonly dataDir: string; readonly trades: TradeStore };

export function shop(of = instrument): Shop {
  const dataDir = scratch();
  return { dataDir, trades: new TradeStore(dataDir, of) };
}

export function put(
  { trades }: Shop,
  content: string | Uint8Array,
  name = 't.csv',
): Promise<TradeImport> {
  return trades.importFile(file(scratch(), name, content), false);
}

export async function stored({ trades }: Shop): Promise<Omit<Trade, 'id'>[]> {
  const rows: Omit<Trade, 'id'>[] = [];
  for (const { key } of trades.days()) {
    const tape = await trades.loadDay(key.day ?? '');
    for (let row = 0; row < tape.count; row += 1) {
      rows.push({
        us: (tape.timeMs[row] ?? NaN) * 1000,
        side: tape.takerSide[row] ?? NaN,
        steps: tape.sizeSteps[row] ?? NaN,
        ticks: tape.priceTicks[row] ?? NaN,
      });
    }
  }
  return rows;
}

/** What the store gives back of a trade: its ms, and no id. */
export function seen(trades: readonly Trade[]): Omit<Trade, 'id'>[] {
  return trades.map(({ us, side, steps, ticks }) => ({
    us: Math.floor(us / 1000) * 1000,
    side,
    steps,
    ticks,
  }));
}

export const row = (over: Partial<Trade> = {}): Trade => ({
  us: START * 1000,
  side: 1,
  steps: 1,
  ticks: 600_000,
  id: 'a',
  ...over,
});
