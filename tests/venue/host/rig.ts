import { readFileSync } from 'node:fs';
import { Instrument } from '../../../src/engine/instrument.ts';
import type { InstrumentSpec } from '../../../src/engine/instrument.ts';
import { PATH_DIRECTION } from '../../../src/market/path.ts';
import { tapeBytes, tapeOver } from '../../../src/market/tape.ts';
import type { Tape } from '../../../src/market/tape.ts';
import type { ExecutionProfile } from '../../../src/venue/execution-profile.ts';
import { draw } from '../../../src/venue/philox.ts';
import type { HostEvent } from '../../../src/venue/host/host-event.ts';
import type { HostOptions } from '../../../src/venue/host/options.ts';
import { VenueHost } from '../../../src/venue/host/venue-host.ts';

export const START_MS = Date.UTC(2024, 0, 2);
export const MINUTE_MS = 60_000;

export function shipped(symbol: string): Instrument {
  const file = new URL(`../../../data/instruments/${symbol}.json`, import.meta.url);
  return new Instrument(JSON.parse(readFileSync(file, 'utf8')) as InstrumentSpec);
}

export function profile(name: string): ExecutionProfile {
  const file = new URL(`../../../data/profiles/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')) as ExecutionProfile;
}

/** Rows of open, high, low, close; a minute each. `skip` leaves minutes out. */
export function tapeOf(
  rows: readonly (readonly [number, number, number, number])[],
  skip: readonly number[] = [],
  category: 'linear' | 'inverse' = 'linear',
): Tape {
  const kept = rows.map((row, at) => [row, at] as const).filter(([, at]) => !skip.includes(at));
  const symbol = category === 'linear' ? 'BTCUSDT' : 'BTCUSD';
  const head = { symbol, category, intervalMs: MINUTE_MS, hasVolume: true } as const;
  const tape = tapeOver(new SharedArrayBuffer(tapeBytes(kept.length)), kept.length, head);
  kept.forEach(([[open, high, low, close], minute], at) => {
    tape.openTimeMs[at] = START_MS + minute * MINUTE_MS;
    tape.open[at] = open;
    tape.high[at] = high;
    tape.low[at] = low;
    tape.close[at] = close;
    tape.volumeSteps[at] = 40_000 + 4 * minute;
  });
  return tape;
}

/** A walk of whole ticks that swings about its start. */
export function wanderingTape(count: number, seed: number, skip: readonly number[] = []): Tape {
  let last = 500_000;
  let n = 0;
  const step = (most: number): number => {
    n += 1;
    return draw(seed, 77, n, 0) % (most + 1);
  };
  const rows = Array.from({ length: count }, () => {
    const open = last + step(20) - 10;
    const close = open + step(400) - 200;
    const high = Math.max(open, close) + step(100);
    const low = Math.min(open, close) - step(100);
    last = close;
    return [open, high, low, close] as const;
  });
  return tapeOf(rows, skip);
}

export function hostOf(tape: Tape, changes: Partial<HostOptions> = {}): VenueHost {
  return new VenueHost(optionsOf(tape, changes));
}

export function optionsOf(tape: Tape, changes: Partial<HostOptions> = {}): HostOptions {
  const instrument = shipped(tape.category === 'linear' ? 'BTCUSDT' : 'BTCUSD');
  return {
    tape,
    path: PATH_DIRECTION,
    startMs: tape.openTimeMs[0] ?? 0,
    endMs: (tape.openTimeMs[tape.count - 1] ?? 0) + tape.intervalMs,
    instrument,
    execution: profile('ideal'),
    seed: 7,
    leverage: 10,
    capitalMoney: (instrument.inverse ? 10 : 1e5) * instrument.moneyPerUnit,
    marginMode: 'isolated',
    ...changes,
  };
}

/** Everything that comes out until then. */
export function playTo(host: VenueHost, untilMs: number): HostEvent[] {
  const events: HostEvent[] = [];
  for (;;) {
    const reachedMs = host.advanceTo(untilMs);
    const event = host.take();
    if (event !== undefined) events.push(event);
    else if (reachedMs >= untilMs) return events;
  }
}

export function limit(linkId: string, side: 'Buy' | 'Sell', price: string, qty = '1'): object {
  const symbol = { category: 'linear', symbol: 'BTCUSDT' };
  return { ...symbol, side, orderType: 'Limit', qty, price, orderLinkId: linkId };
}
