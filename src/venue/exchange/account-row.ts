import type { Instrument } from '../../engine/instrument.ts';
import { averageText, moneyText, sideWord } from './decimals.ts';
import type { PositionVersion, WalletVersion } from './records.ts';

/** A row of position/list; one is shown when flat, too. The mark price is as of now. */
export function restPositionRow(
  position: PositionVersion,
  instrument: Instrument,
  markTicks: number,
): object {
  const row = commonPosition(position, instrument, markTicks);
  row['avgPrice'] = entryText(position, instrument);
  return row;
}

/** A record of the position topic: its average price has another name. */
export function streamPositionRow(position: PositionVersion, instrument: Instrument): object {
  position.streamRow ??= buildStreamRow(position, instrument);
  return position.streamRow;
}

function buildStreamRow(position: PositionVersion, instrument: Instrument): object {
  const row = commonPosition(position, instrument, position.markTicks);
  row['category'] = instrument.spec.category;
  row['entryPrice'] = entryText(position, instrument);
  return row;
}

function entryText(position: PositionVersion, instrument: Instrument): string {
  return position.steps === 0 ? '0' : averageText(instrument, position.entryTicks);
}

function commonPosition(
  position: PositionVersion,
  instrument: Instrument,
  markTicks: number,
): Record<string, unknown> {
  const size = Math.abs(position.steps);
  const flat = size === 0;
  const value = flat ? 0 : size * instrument.valuePerStep(markTicks);
  const gain = position.steps > 0 === instrument.inverse ? -1 : 1;
  const unrealised = flat ? 0 : gain * (value - position.entryMoney);
  const money = (units: number): string => (flat ? '' : moneyText(instrument, units));
  const price = (ticks: number): string => (ticks > 0 ? instrument.formatPrice(ticks) : '');
  return {
    positionIdx: 0,
    riskId: 1,
    riskLimitValue: '',
    symbol: instrument.symbol,
    side: flat ? '' : sideWord(position.steps),
    size: flat ? '0' : instrument.formatQty(size),
    positionValue: money(position.entryMoney),
    autoAddMargin: 0,
    positionStatus: 'Normal',
    leverage: String(position.leverage),
    breakEvenPrice: '',
    markPrice: instrument.formatPrice(markTicks),
    liqPrice: price(position.liquidationTicks),
    positionIM: money(position.entryMoney / position.leverage),
    positionIMByMp: money(value / position.leverage),
    positionMM: money(value * instrument.maintenanceMarginRate),
    positionMMByMp: money(value * instrument.maintenanceMarginRate),
    takeProfit: price(position.takeProfitTicks),
    stopLoss: price(position.stopLossTicks),
    trailingStop: '',
    sessionAvgPrice: '',
    delta: '',
    gamma: '',
    vega: '',
    theta: '',
    unrealisedPnl: money(unrealised),
    curRealisedPnl: moneyText(instrument, position.realisedMoney),
    cumRealisedPnl: moneyText(instrument, position.realisedMoney),
    adlRankIndicator: 0,
    createdTime: String(position.timeMs),
    updatedTime: String(position.timeMs),
    openTime: flat ? 0 : Math.floor(position.timeMs / 1_000),
    seq: position.seq,
    isReduceOnly: false,
    mmrSysUpdatedTime: '',
    leverageSysUpdatedTime: '',
    tpslMode: 'Full',
    bustPrice: '',
    positionBalance: money(position.entryMoney / position.leverage),
    tradeMode: 0,
  };
}

/** A row of wallet-balance and of the wallet topic. */
export function walletRow(wallet: WalletVersion, instrument: Instrument, cross: boolean): object {
  const coin = (units: number): string => moneyText(instrument, units);
  const dollars = instrument.inverse ? wallet.priceTicks * instrument.tickSize : 1;
  const usd = (units: number): string =>
    String(Number((instrument.moneyToNumber(units) * dollars).toFixed(8)));
  const account = (units: number): string => (cross ? usd(units) : '');
  const equity = wallet.walletMoney + wallet.unrealisedMoney;
  const margin = wallet.positionMarginMoney + wallet.orderMarginMoney;
  const rate = (units: number): string => (cross && equity > 0 ? (units / equity).toFixed(4) : '');
  return {
    accountType: 'UNIFIED',
    accountIMRate: rate(margin),
    accountMMRate: rate(wallet.maintenanceMoney),
    totalEquity: usd(equity),
    totalWalletBalance: usd(wallet.walletMoney),
    totalMarginBalance: account(equity),
    totalAvailableBalance: account(equity - margin),
    totalPerpUPL: usd(wallet.unrealisedMoney),
    totalInitialMargin: account(margin),
    totalMaintenanceMargin: account(wallet.maintenanceMoney),
    accountIMRateByMp: rate(margin),
    accountMMRateByMp: rate(wallet.maintenanceMoney),
    totalInitialMarginByMp: account(margin),
    totalMaintenanceMarginByMp: account(wallet.maintenanceMoney),
    accountLTV: '0',
    coin: [
      {
        coin: instrument.settleCurrency,
        equity: coin(equity),
        usdValue: usd(equity),
        walletBalance: coin(wallet.walletMoney),
        locked: '0',
        spotHedgingQty: '0',
        borrowAmount: '0',
        accruedInterest: '0',
        totalOrderIM: coin(wallet.orderMarginMoney),
        totalPositionIM: coin(wallet.positionMarginMoney),
        totalPositionMM: coin(wallet.maintenanceMoney),
        unrealisedPnl: coin(wallet.unrealisedMoney),
        cumRealisedPnl: coin(wallet.realisedMoney),
        bonus: '0',
        marginCollateral: true,
        collateralSwitch: true,
        colRes: '0',
        spotBorrow: '0',
        free: '',
        availableToWithdraw: '',
        availableToBorrow: '',
      },
    ],
  };
}
