import { BUY } from '../../../engine/units.ts';
import { isRow } from './decoded.ts';
import type { Row } from './decoded.ts';
import type { Fields } from './fields.ts';
import type { PositionRecord, TransactionRecord, WalletRecord } from './records.ts';

/** A position; the stream calls the average `entryPrice`, the list `avgPrice`. */
export function positionRecord(row: Row, fields: Fields): PositionRecord {
  const size = fields.qty('size');
  const flat = size === 0 && (row['side'] === '' || row['side'] === 'None');
  const side = flat ? BUY : fields.side('side');
  if (row['positionIdx'] !== 0) fields.problem('positionIdx', '0 (one-way mode)');
  return {
    symbol: fields.id('symbol'),
    steps: size === 0 ? 0 : size * side,
    avgPrice: fields.text(row['entryPrice'] === undefined ? 'avgPrice' : 'entryPrice'),
    liqPrice: fields.textOrAbsent('liqPrice'),
    updatedMs: flat && row['updatedTime'] === '' ? 0 : fields.timeText('updatedTime'),
    seq: fields.sequence('seq'),
  };
}

/**
 * The settle coin's row of each account record. Other coins are other people's business here; a
 * coin with a balance of zero is left out by the venue, so there may be none.
 */
export function walletRecords(
  list: readonly unknown[],
  fields: Fields,
  settleCoin: string,
): WalletRecord[] {
  const records: WalletRecord[] = [];
  list.forEach((account, at) => {
    const coins = isRow(account) ? account['coin'] : undefined;
    if (!isRow(account) || !Array.isArray(coins)) {
      fields.enter({ coin: coins }, 'account', at).problem('coin', 'a list of coins');
      return;
    }
    coins.forEach((row: unknown, coinAt) => {
      if (!isRow(row)) fields.enter({ row }, 'coin', coinAt).problem('row', 'an object');
      else if (typeof row['coin'] !== 'string') fields.enter(row, 'coin', coinAt).id('coin');
      else if (row['coin'] === settleCoin) {
        const record = walletRecord(fields.enter(row, 'coin', coinAt));
        if (fields.sound) records.push(record);
      }
    });
  });
  return records;
}

function walletRecord(fields: Fields): WalletRecord {
  return {
    coin: fields.id('coin'),
    walletBalance: fields.money('walletBalance'),
    equity: fields.money('equity'),
    unrealisedPnl: fields.money('unrealisedPnl'),
    cumRealisedPnl: fields.money('cumRealisedPnl'),
    orderMargin: fields.moneyOrNone('totalOrderIM'),
    positionMargin: fields.moneyOrNone('totalPositionIM'),
  };
}

/** One booking of the transaction log. */
export function transactionRecord(fields: Fields): TransactionRecord {
  fields.id('currency');
  return {
    id: fields.id('id'),
    symbol: fields.text('symbol'),
    type: fields.id('type'),
    orderId: fields.text('orderId'),
    orderLinkId: fields.text('orderLinkId'),
    tradeId: fields.text('tradeId'),
    cashFlow: fields.moneyOrNone('cashFlow'),
    funding: fields.moneyOrNone('funding'),
    fee: fields.moneyOrNone('fee'),
    change: fields.money('change'),
    cashBalance: fields.money('cashBalance'),
    timeMs: fields.timeText('transactionTime'),
  };
}
