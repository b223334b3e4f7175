import type { ReportTrade } from './backtest-input.ts';
import { section } from './chart.ts';
import { formatAmount, formatDuration, formatNumber, formatTime } from './format.ts';
import { html } from './html.ts';
import type { Html } from './html.ts';
import type { Instrument } from '../engine/instrument.ts';

const SHOWN_TRADES = 200;

export function renderTrades(trades: readonly ReportTrade[], instrument: Instrument): Html {
  const shown = trades.slice(0, SHOWN_TRADES);
  const more =
    trades.length > shown.length
      ? `The first ${SHOWN_TRADES} of ${formatNumber(trades.length, 0)} trades; trades.csv has all.`
      : `All ${formatNumber(trades.length, 0)} trades; they are in trades.csv too.`;
  const quote = instrument.spec.quoteCurrency;
  const unit = instrument.inverse ? quote : instrument.spec.baseCurrency;
  const heads = [
    'Side',
    'Entry (UTC)',
    'Exit (UTC)',
    `Entry price (${quote})`,
    `Exit price (${quote})`,
    `Quantity (${unit})`,
    'Net profit',
    'Worst (%)',
    'Best (%)',
    'Held',
    'Left by',
  ];
  const table = html`<div class="scroll tall" tabindex="0" role="region" aria-label="Trades">
    <table class="sortable" id="trade-table">
      <thead>
        <tr>
          ${heads.map(
            (head, index) =>
              html`<th scope="col" class="${index === 0 || index === 10 ? 'text' : ''}">
                ${head}
              </th>`,
          )}
        </tr>
      </thead>
      <tbody>
        ${shown.map((trade) => tradeRow(trade, instrument))}
      </tbody>
    </table>
  </div>`;
  return section(
    'trades',
    'Trades',
    `${more} A click on a row shows the trade in the chart above. Worst and best: how far the price
ran against and for the position while it was held.`,
    table,
  );
}

function tradeRow(trade: ReportTrade, instrument: Instrument): Html {
  const price = (value: number): string => formatNumber(value, instrument.priceDigits);
  const left = trade.openAtEnd ? 'still open' : trade.exitRole;
  const tone = trade.netPnl > 0 ? 'up' : trade.netPnl < 0 ? 'down' : '';
  return html`<tr class="pick" data-from="${trade.entryTimeMs}" data-to="${trade.exitTimeMs}">
    <td class="text" data-v="${trade.side}">${trade.side}</td>
    <td data-v="${trade.entryTimeMs}">${formatTime(trade.entryTimeMs).replace(' UTC', '')}</td>
    <td data-v="${trade.exitTimeMs}">${formatTime(trade.exitTimeMs).replace(' UTC', '')}</td>
    <td data-v="${trade.entryPrice}">${price(trade.entryPrice)}</td>
    <td data-v="${trade.exitPrice}">${price(trade.exitPrice)}</td>
    <td data-v="${trade.qty}">${formatNumber(trade.qty, instrument.qtyDigits)}</td>
    <td data-v="${trade.netPnl}" class="${tone}">
      ${formatAmount(trade.netPnl, instrument.settleCurrency)}
    </td>
    <td data-v="${trade.maePct}">${excursion(trade.maePct)}</td>
    <td data-v="${trade.mfePct}">${excursion(trade.mfePct)}</td>
    <td data-v="${trade.holdMs}">${formatDuration(trade.holdMs)}</td>
    <td class="text" data-v="${left}">${left}</td>
  </tr>`;
}

function excursion(percent: number): string {
  return Number.isFinite(percent) ? formatNumber(percent, 2) : 'n/a';
}
