import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { knownSymbols, loadInstrument } from '../../src/feeds/instruments.ts';
import { file, refusal, scratch, shipped } from './helpers.ts';

const dir = scratch();
const good = { ...shipped().spec, symbol: 'XYZ' };

function load(change: Record<string, unknown>): unknown {
  const path = file(dir, 'xyz.json', JSON.stringify({ ...good, ...change }));
  return loadInstrument({ symbol: 'XYZ', file: path, dataDir: dir });
}

describe('instruments', () => {
  it('ship for both kinds of bitcoin contract, found from anywhere', () => {
    const usd = loadInstrument({ symbol: 'BTCUSD', dataDir: dir });
    const usdt = loadInstrument({ symbol: 'BTCUSDT', category: 'linear', dataDir: dir });
    expect([usd.instrument.inverse, usdt.instrument.inverse]).toEqual([true, false]);
    expect([usd.instrument.settleCurrency, usd.instrument.minNotional]).toEqual(['BTC', 0]);
    expect([usdt.instrument.minQtySteps, usdt.instrument.maxMarketQtySteps]).toEqual([1, 500_000]);
    expect(usd.source).toBe('shipped:BTCUSD.json');
    expect(usd.sha256).toMatch(/^[0-9a-f]{64}$/);
  });

  it('of the data folder come before shipped ones', () => {
    const dataDir = scratch();
    mkdirSync(join(dataDir, 'instruments'));
    const spec = { ...shipped().spec, tickSize: '0.50' };
    file(join(dataDir, 'instruments'), 'BTCUSDT.json', JSON.stringify(spec));
    file(join(dataDir, 'instruments'), 'XYZ.json', JSON.stringify(good));
    expect(loadInstrument({ symbol: 'BTCUSDT', dataDir }).spec.tickSize).toBe('0.50');
    expect(knownSymbols(dataDir)).toEqual(['BTCUSD', 'BTCUSDT', 'XYZ']);
  });

  it.each([
    ['an unknown field', { tick: '1' }, /unknown field "tick"; the fields are symbol/],
    ['a number for a decimal', { tickSize: 0.1 }, /"tickSize": expected a decimal in quotes/],
    ['a missing field', { qtyStep: undefined }, /"qtyStep": expected a decimal in quotes/],
    ['a tick of zero', { tickSize: '0.0' }, /"tickSize": must be above zero/],
    ['an exponent', { tickSize: '1e-1' }, /"tickSize": expected a plain decimal/],
    ['an absurd maker fee', { makerFeeRate: '0.2' }, /"makerFeeRate": must be a fraction from/],
    ['an absurd taker fee', { takerFeeRate: '-0.5' }, /"takerFeeRate": must be a fraction from/],
    ['another category', { category: 'spot' }, /"category": .*linear/],
    [
      'a maintenance margin in percent',
      { maintenanceMarginRate: '5' },
      /must be a fraction below 1/,
    ],
    ['leverage above its maximum', { leverage: '101' }, /"leverage" must be from 1 to maxLev/],
    ['leverage below one', { leverage: '0.5' }, /"leverage" must be from 1/],
    ['a maximum below the minimum', { maxQty: '0.0005' }, /"maxQty" must be at least minQty/],
    ['a minimum off the step', { minQty: '0.0015' }, /minQty 0.0015 is not a multiple of qtyStep/],
    ['half a minute of funding', { fundingIntervalMinutes: 0.5 }, /"fundingIntervalMinutes": /],
    ['an absurd funding rate', { fallbackFundingRate: '1' }, /"fallbackFundingRate": must be/],
    ['another symbol', { symbol: 'ABC' }, /describes ABC, not XYZ/],
  ])('are refused in one line for %s', async (_name, change, message) => {
    const text = await refusal(() => load(change));
    expect(text).toMatch(message);
    expect(text).toMatch(/xyz\.json/);
    expect(text).not.toContain('\n');
  });

  it('are refused for what is not JSON, not there, or not known', async () => {
    const path = file(dir, 'bad.json', '{"symbol":\n nonsense');
    const broken = (): unknown => loadInstrument({ symbol: 'XYZ', file: path, dataDir: dir });
    expect(await refusal(broken)).toMatch(/^instrument file .*bad.json is not JSON: [^\n]*$/);
    const none = (): unknown => loadInstrument({ symbol: 'XYZ', file: 'no.json', dataDir: dir });
    expect(await refusal(none)).toMatch(/cannot read the instrument file no.json/);
    const unknown = (): unknown => loadInstrument({ symbol: '../BTCUSD', dataDir: dir });
    expect(await refusal(unknown)).toMatch(/no instrument "..\/BTCUSD": known are BTCUSD, BTCUSDT/);
  });

  it('are refused when the category contradicts them', async () => {
    const wrong = (): unknown =>
      loadInstrument({ symbol: 'BTCUSD', category: 'linear', dataDir: dir });
    expect(await refusal(wrong)).toMatch(/--category linear contradicts shipped:BTCUSD.json/);
  });
});
