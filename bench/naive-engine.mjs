/**
 * What people usually write: a candle is an object, everything is an event, orders lie in a Map,
 * the indicator is fed candle by candle, the equity curve grows with every candle. It plays the same
 * strategy by the same rules as bench/hand-loop.mjs and comes to the same fills; nothing in it is
 * slow on purpose.
 */
import { EventEmitter } from 'node:events';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Average true range (Wilder) of hours, from minutes. */
class HourlyAtr {
  constructor(period) {
    this.period = period;
    this.ranges = [];
    this.value = undefined;
  }

  update(candle) {
    const hour = Math.floor(candle.time / HOUR);
    if (this.bar !== undefined && this.bar.hour !== hour) this.close(this.bar);
    if (this.bar === undefined || this.bar.hour !== hour) {
      this.bar = { hour, high: candle.high, low: candle.low, close: candle.close };
    } else {
      this.bar.high = Math.max(this.bar.high, candle.high);
      this.bar.low = Math.min(this.bar.low, candle.low);
      this.bar.close = candle.close;
    }
  }

  close(bar) {
    const { previousClose, period } = this;
    this.previousClose = bar.close;
    if (previousClose === undefined) return;
    const range = Math.max(bar.high, previousClose) - Math.min(bar.low, previousClose);
    if (this.value !== undefined) {
      this.value += (range - this.value) * (1 / period);
      return;
    }
    this.ranges.push(range);
    if (this.ranges.length === period) {
      this.value = this.ranges.reduce((sum, each) => sum + each, 0) / period;
    }
  }
}

/** Limit orders against the path of candles, without delays. */
class Exchange extends EventEmitter {
  constructor(instrument) {
    super();
    this.instrument = instrument;
    this.orders = new Map();
    this.nextId = 1;
  }

  place({ side, price, qty, time }) {
    const order = { id: this.nextId++, side, price, qty };
    this.orders.set(order.id, order);
    this.takeIfMarketable(order, time);
    return order.id;
  }

  amend(id, { price, time }) {
    const order = this.orders.get(id);
    if (order === undefined || order.price === price) return;
    order.price = price;
    this.takeIfMarketable(order, time);
  }

  /** Only an amend at the open of a candle can cross the price: a whole number of ticks. */
  takeIfMarketable(order, time) {
    if (order.side === 'buy' && order.price > this.price)
      this.fill(order, time, this.price + 1, false);
  }

  /** The path of a candle: its open first, then what is left of it. */
  onOpen(candle) {
    this.price = candle.open;
    for (const order of [...this.orders.values()]) {
      if (reaches(order, candle.open)) this.fill(order, candle.time, order.price, true);
    }
  }

  onCandle(candle) {
    const path = pathOf(candle);
    for (let i = 1; i < path.length; i += 1) this.onSegment(path[i - 1], path[i]);
  }

  onSegment(from, to) {
    for (const order of [...this.orders.values()]) {
      if (!reaches(order, to.price)) continue;
      const level = order.side === 'buy' ? order.price - 1 : order.price + 1;
      const share = ((level - from.price) * (to.time - from.time)) / (to.price - from.price);
      this.price = level;
      this.fill(order, from.time + Math.ceil(share), order.price, true);
    }
    this.price = to.price;
  }

  fill(order, time, price, maker) {
    this.orders.delete(order.id);
    const fee = this.instrument.fee(order.qty, price, maker);
    this.emit('fill', { ...order, time, price, fee });
  }
}

/** Orders fill one tick beyond their price. */
function reaches(order, price) {
  return order.side === 'buy' ? price < order.price : price > order.price;
}

function pathOf({ time, open, high, low, close }) {
  const [second, third] = close >= open ? [low, high] : [high, low];
  return [
    { time, price: open },
    { time: time + Math.floor(MINUTE / 3), price: second },
    { time: time + Math.floor((2 * MINUTE) / 3), price: third },
    { time: time + MINUTE - 1, price: close },
  ];
}

class GridStrategy {
  constructor(exchange, { multiplier, takeProfit, qty }) {
    Object.assign(this, { exchange, multiplier, takeProfit, qty });
    this.position = undefined;
    this.entryId = undefined;
    exchange.on('fill', (fill) => this.onFill(fill));
  }

  level() {
    return Math.floor(this.anchor - this.multiplier * this.atr);
  }

  /** The ATR of a closed hour; `close` is that hour's. */
  onAtr(atr, time, close) {
    this.atr = atr;
    if (this.anchor === undefined) {
      this.anchor = close;
      this.enter(time);
    } else if (this.entryId !== undefined) {
      this.exchange.amend(this.entryId, { price: this.level(), time });
    }
  }

  enter(time) {
    const { qty } = this;
    this.entryId = this.exchange.place({ side: 'buy', price: this.level(), qty, time });
  }

  onFill({ side, price, qty, time }) {
    this.anchor = price;
    if (side === 'buy') {
      this.position = { price, qty };
      this.entryId = undefined;
      const exit = Math.ceil(price + this.takeProfit * this.atr);
      this.exchange.place({ side: 'sell', price: exit, qty, time });
    } else {
      this.position = undefined;
      this.enter(time);
    }
  }
}

/** Plays a year of candles to everyone who listens; returns the fills. */
export function runNaively({ tape, instrument, qty }, { multiplier, takeProfit }) {
  const feed = new EventEmitter();
  const exchange = new Exchange(instrument);
  const strategy = new GridStrategy(exchange, { multiplier, takeProfit, qty });
  const atr = new HourlyAtr(14);
  const fills = [];
  const equity = [];
  let cash = 0;
  exchange.on('fill', (fill) => {
    fills.push(fill);
    cash += (fill.side === 'buy' ? 1 : -1) * (fill.qty / fill.price) - fill.fee;
  });
  feed.on('open', (candle) => exchange.onOpen(candle));
  feed.on('open', (candle) => {
    const before = atr.value;
    const close = atr.bar?.close;
    atr.update(candle);
    if (atr.value !== before) strategy.onAtr(atr.value, candle.time, close);
  });
  feed.on('candle', (candle) => exchange.onCandle(candle));
  feed.on('candle', ({ time, close }) => {
    const { position } = strategy;
    equity.push({ time, equity: cash - (position === undefined ? 0 : position.qty / close) });
  });
  for (let row = 0; row < tape.count; row += 1) {
    const candle = {
      time: tape.openTimeMs[row],
      open: tape.open[row],
      high: tape.high[row],
      low: tape.low[row],
      close: tape.close[row],
      volume: tape.volumeSteps[row],
    };
    feed.emit('open', candle);
    feed.emit('candle', candle);
  }
  return { fills, equity };
}
