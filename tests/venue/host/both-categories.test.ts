import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodePrivateFrame } from '../../../src/brokers/bybit/wire/private-frame.ts';
import { decodePublicFrame } from '../../../src/brokers/bybit/wire/public-frame.ts';
import type { Tape } from '../../../src/market/tape.ts';
import type { Body } from '../../../src/venue/exchange/order-ask.ts';
import type { HostEvent } from '../../../src/venue/host/host-event.ts';
import { hostOf, playTo, profile, shipped, wanderingTape } from './rig.ts';

const SYMBOLS = { linear: 'BTCUSDT', inverse: 'BTCUSD' } as const;

function tapeIn(category: 'linear' | 'inverse', seed: number): Tape {
  return { ...wanderingTape(12, seed, [4]), category, symbol: SYMBOLS[category] };
}

describe.each(['linear', 'inverse'] as const)('a venue of %s contracts', (category) => {
  const instrument = shipped(SYMBOLS[category]);
  const market = { category, symbol: SYMBOLS[category] };
  const qty = category === 'linear' ? '0.010' : '100';

  it('says nothing that the decoders of a bot do not understand', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), (seed) => {
        const host = hostOf(tapeIn(category, seed), { execution: profile('home') });
        for (const topic of ['tickers', 'publicTrade', 'kline.1', 'kline.5'])
          host.listen(`${topic}.${market.symbol}`);
        const told: HostEvent[] = [];
        for (let n = 0; n < 12; n += 1) {
          const side = n % 3 === 1 ? 'Sell' : 'Buy';
          const shape =
            n % 2 === 0 ? { orderType: 'Market' } : { orderType: 'Limit', price: '50000' };
          const exits =
            n === 0 ? { takeProfit: '50100', stopLoss: '49900', tpslMode: 'Partial' } : {};
          const body: Body = { ...market, side, qty, ...shape, ...exits, orderLinkId: `o-${n}` };
          host.request(n, host.nowMs, 'POST', '/v5/order/create', body);
          told.push(...playTo(host, host.nowMs + 55_000));
        }
        for (const event of told) {
          if (event.t === 'reply') continue;
          const decode = event.t === 'private' ? decodePrivateFrame : decodePublicFrame;
          const decoded = decode(event.body, instrument);
          expect(decoded.ok ? [] : decoded.problems).toEqual([]);
        }
        expect(told.some((event) => event.t === 'private')).toBe(true);
      }),
      { numRuns: 15 },
    );
  });

  it('says of a closed position where it was opened and what it made, net of the closing fee', () => {
    for (const [open, close] of [
      ['Buy', 'Sell'],
      ['Sell', 'Buy'],
    ] as const) {
      const host = hostOf(tapeIn(category, 3));
      const trade = (id: number, side: string): void => {
        const body: Body = { ...market, side, orderType: 'Market', qty };
        host.request(id, host.nowMs, 'POST', '/v5/order/create', body);
        playTo(host, host.nowMs + 90_000);
      };
      trade(1, open);
      trade(2, close);
      host.request(3, host.nowMs, 'GET', '/v5/position/closed-pnl', market);
      const [reply] = playTo(host, host.nowMs + 1).filter((event) => event.t === 'reply');
      const [row] = reply?.body.result['list'] as Record<string, string>[];
      const [entry, exit] = host.truth.executions;
      expect(Number(row?.['avgEntryPrice'])).toBeCloseTo(Number(entry?.priceTicks) / 10, 3);
      expect(Number(row?.['avgExitPrice'])).toBeCloseTo(Number(exit?.priceTicks) / 10, 3);
      const made = instrument.moneyToNumber(Number(exit?.pnlMoney) - Number(exit?.feeMoney));
      expect(Number(row?.['closedPnl'])).toBeCloseTo(made, 10);
    }
  });
});
