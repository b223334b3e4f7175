import type { Instrument } from '../../engine/instrument.ts';
import { withoutZeros } from '../exchange/decimals.ts';
import type { Candle } from './candles.ts';
import type { Market } from './market.ts';

/** Greatest price in ticks that the rules of an instrument name; nothing here comes near it. */
const MOST_TICKS = 19_999_998;
const FUNDING_CAP = '0.005';

/** A row of instruments-info. What an instrument file does not know is empty or Bybit's usual. */
export function instrumentRow(instrument: Instrument): Record<string, unknown> {
  const { spec } = instrument;
  const optional = (value: string | undefined): string => value ?? '';
  return {
    symbol: spec.symbol,
    symbolId: 1,
    contractType: instrument.inverse ? 'InversePerpetual' : 'LinearPerpetual',
    status: 'Trading',
    baseCoin: spec.baseCurrency,
    quoteCoin: spec.quoteCurrency,
    settleCoin: instrument.settleCurrency,
    symbolType: '',
    launchTime: '1542211200000',
    deliveryTime: '0',
    deliveryFeeRate: '',
    priceScale: String(instrument.priceDigits),
    leverageFilter: { minLeverage: '1', maxLeverage: spec.maxLeverage, leverageStep: '0.01' },
    priceFilter: {
      minPrice: instrument.formatPrice(1),
      maxPrice: instrument.formatPrice(MOST_TICKS),
      tickSize: spec.tickSize,
    },
    lotSizeFilter: {
      minNotionalValue: optional(spec.minNotional),
      maxOrderQty: optional(spec.maxQty),
      maxMktOrderQty: optional(spec.maxMarketQty ?? spec.maxQty),
      minOrderQty: spec.minQty,
      qtyStep: spec.qtyStep,
      postOnlyMaxOrderQty: optional(spec.maxQty),
    },
    unifiedMarginTrade: true,
    fundingInterval: spec.fundingIntervalMinutes ?? 0,
    copyTrading: 'none',
    upperFundingRate: FUNDING_CAP,
    lowerFundingRate: `-${FUNDING_CAP}`,
    isPreListing: false,
    preListingInfo: null,
    riskParameters: { priceLimitRatioX: '0.1', priceLimitRatioY: '0.1' },
    displayName: '',
    forbidUplWithdrawal: false,
  };
}

/** [start, open, high, low, close, volume, turnover], all strings. */
export function candleRow(candle: Candle, instrument: Instrument): readonly string[] {
  const price = (ticks: number): string => instrument.formatPrice(ticks);
  const { open, high, low, close, volumeSteps } = candle;
  return [
    String(candle.startMs),
    price(open),
    price(high),
    price(low),
    price(close),
    instrument.formatQty(volumeSteps),
    turnoverText(volumeSteps, (open + high + low + close) / 4, instrument),
  ];
}

/** The tape has no turnover: volume at a mean price (linear quote, inverse coin). */
export function turnoverText(steps: number, ticks: number, instrument: Instrument): string {
  if (steps === 0 || !(ticks > 0)) return '0';
  const value = instrument.moneyToNumber(steps * instrument.valuePerStep(ticks));
  return withoutZeros(value.toFixed(8));
}

/** A row of market/tickers, and the ticker topic's whole picture. */
export function tickerRow(market: Market): Record<string, string> {
  const { instrument, nowMs } = market;
  const price = (ticks: number): string => instrument.formatPrice(ticks);
  const day = market.lastDay.before(Math.max(0, market.walk.row));
  const last = market.lastTicks;
  const change = day.previousTicks > 0 ? (last - day.previousTicks) / day.previousTicks : 0;
  const next = market.funding.next(nowMs);
  const size = instrument.formatQty(market.bestSteps);
  return {
    symbol: instrument.symbol,
    lastPrice: price(last),
    indexPrice: price(market.indexTicks),
    markPrice: price(market.markTicks),
    prevPrice24h: price(day.previousTicks),
    price24hPcnt: change.toFixed(6),
    highPrice24h: price(Math.max(day.high, last)),
    lowPrice24h: price(Math.min(day.low, last)),
    prevPrice1h: price(day.previousHourTicks),
    openInterest: '0',
    openInterestValue: '0',
    turnover24h: turnoverText(day.volumeSteps, (day.high + day.low) / 2, instrument),
    volume24h: instrument.formatQty(day.volumeSteps),
    fundingRate: next?.rate ?? '',
    nextFundingTime: String(next?.timeMs ?? 0),
    predictedDeliveryPrice: '',
    basisRate: '',
    basis: '',
    basisRateYear: '',
    deliveryFeeRate: '',
    deliveryTime: '0',
    ask1Size: size,
    bid1Price: price(market.bidTicks),
    ask1Price: price(market.askTicks),
    bid1Size: size,
    preOpenPrice: '',
    preQty: '',
    curPreListingPhase: '',
    fundingIntervalHour: next === undefined ? '' : String(market.funding.everyMs / 3_600_000),
    fundingCap: FUNDING_CAP,
  };
}
