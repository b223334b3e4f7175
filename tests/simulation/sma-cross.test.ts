import { describe, expect, it } from 'vitest';
import { fillsOf, profile, simulate } from '../fixtures/simulations.ts';
import { makeTape } from '../fixtures/tapes.ts';

const MINUTE = 60_000;
const PARAMS = { fast: 2, slow: 5, interval: '1m', qty: 0.02 };

/** Waves of about thirty candles: the averages cross twice a wave. */
function waves(count: number, volume: number): ReturnType<typeof makeTape> {
  let last = 10_000;
  const candles = Array.from({ length: count }, (_, i) => {
    const open = last;
    const close = 10_000 + Math.round(500 * Math.sin(i / 5));
    last = close;
    return { open, close, high: Math.max(open, close) + 5, low: Math.min(open, close) - 5, volume };
  });
  return makeTape(candles, MINUTE);
}

describe('sma-cross', () => {
  it('leaves one side and enters the other in the ms the close is known, without delays', () => {
    const run = simulate({ tape: waves(120, 1_000), strategy: 'sma-cross', params: PARAMS });
    const fills = fillsOf(run);
    const turn = fills.findIndex((fill) => fill.role === 'exit');
    expect(fills[turn + 1]).toMatchObject({ role: 'entry', timeMs: fills[turn]?.timeMs });
    expect((fills[turn]?.timeMs ?? NaN) % MINUTE).toBe(0);
  });

  it('never holds lots of both sides, however slowly its orders fill', () => {
    for (const volume of [60, 90, 150, 390]) {
      const execution = profile({ participation: 0.05 }, { submit: 80, ack: 90, wsExecution: 70 });
      const run = simulate({
        tape: waves(400, volume),
        strategy: 'sma-cross',
        params: PARAMS,
        execution,
      });
      const held = [0, 0];
      for (const fill of fillsOf(run)) {
        held[fill.slot] = (held[fill.slot] ?? 0) + (fill.role === 'entry' ? fill.qty : -fill.qty);
        expect(Math.min(...held)).toBe(0);
      }
      expect(fillsOf(run).length).toBeGreaterThan(8);
      expect(Math.max(...held) * (run.venue.ledger.positionSteps === 0 ? 1 : 0)).toBe(0);
    }
  });
});
