/** What the hand loops and the naive engine need of a prepared run, and refuse to run without. */
import { rationalProduct } from '../dist/engine/rational.js';
import { indicatorSeries } from '../dist/market/indicator-series.js';

const MINUTE = 60_000;
const HOUR = 60;
const ATR = { kind: 'atr', period: 14, intervalMs: HOUR * MINUTE };

/** The ATR column is the simulator's own; atr[hour] is what is known during that hour. */
export function handJob({ tape, firstRow, instrument, leverage, spec }) {
  refuse(tape.intervalMs === MINUTE && tape.count % HOUR === 0, 'whole hours of minutes');
  refuse(tape.openTimeMs[0] % (HOUR * MINUTE) === 0 && firstRow === 0, 'a start on the hour');
  const span = tape.openTimeMs[tape.count - 1] - tape.openTimeMs[0];
  refuse(span === (tape.count - 1) * MINUTE, 'a tape without gaps');
  refuse(instrument.inverse, 'an inverse instrument');
  const { values } = indicatorSeries(tape, [ATR]);
  const atr = Float64Array.of(NaN, ...values);
  refuseLiquidation(tape, instrument, leverage);
  const qty = instrument.parseQty(String(spec.params.qty));
  return {
    tape,
    atr,
    firstHour: atr.findIndex((value) => value === value),
    qty,
    fees: feesOf(instrument, qty),
  };
}

/** A fee is num / (den x price in ticks), in money units. */
function feesOf({ spec, moneyPerUnit }, qty) {
  const fraction = (rate) => {
    const { num, den } = rationalProduct(
      'fee',
      [spec.qtyStep, String(moneyPerUnit), rate],
      [spec.tickSize],
    );
    refuse(Number.isSafeInteger(2 * qty * num), 'fees below 2^53');
    return { num: qty * num, den };
  };
  return { maker: fraction(spec.makerFeeRate), taker: fraction(spec.takerFeeRate) };
}

/** The hand loops know no liquidation: it must be out of reach of any entry. */
function refuseLiquidation({ high, low }, { maintenanceMarginRate }, leverage) {
  const top = high.reduce((most, price) => Math.max(most, price), 0);
  const bottom = low.reduce((least, price) => Math.min(least, price), Infinity);
  refuse(
    (top * (1 + maintenanceMarginRate)) / (1 + 1 / leverage) < bottom,
    'prices out of reach of liquidation',
  );
}

function refuse(holds, needed) {
  if (!holds) throw new Error(`the hand loops need ${needed}`);
}
