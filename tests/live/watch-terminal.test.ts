import { describe, expect, it } from 'vitest';
import { Terminal } from '../../src/live/watch/terminal.ts';
import { statusLines } from '../../src/live/watch/status-lines.ts';
import { LiquidationWatch } from '../../src/live/watch/liquidation-watch.ts';
import { guarded } from '../../src/live/watch/onlooker.ts';
import { exampleStatus } from './support/example-status.ts';

/** What a terminal would show: lines, cursor up, and clearing below are all it is asked for. */
class Screen {
  isTTY = true;
  columns = 100;
  rows = 40;
  lines: string[] = [];
  write(text: string): void {
    const up = /^\u001b\[(\d+)A\r\u001b\[0J$/.exec(text);
    if (up !== null) this.lines.length -= Number(up[1]);
    else this.lines.push(...text.slice(0, -1).split('\n'));
  }
}

describe('the terminal', () => {
  it('keeps what happened above, and draws how it stands over itself', () => {
    const screen = new Screen();
    const terminal = new Terminal(screen, () => 0);
    terminal.say('first');
    terminal.looked(exampleStatus());
    const height = screen.lines.length;
    terminal.say('second');
    terminal.looked(exampleStatus({ state: 'HALTED' }));
    expect(screen.lines).toHaveLength(height + 1);
    expect(screen.lines.slice(0, 2)).toEqual([
      '1970-01-01T00:00:00.000Z first',
      '1970-01-01T00:00:00.000Z second',
    ]);
    expect(screen.lines.filter((line) => line.startsWith('HALTED'))).toHaveLength(1);
    expect(screen.lines.some((line) => line.startsWith('TRADING'))).toBe(false);
  });

  it('never draws a line that wraps or more than fits', () => {
    const screen = Object.assign(new Screen(), { columns: 30, rows: 8 });
    new Terminal(screen, () => 0).looked(exampleStatus());
    expect(screen.lines.length).toBeLessThanOrEqual(7);
    expect(Math.max(...screen.lines.map((line) => line.length))).toBeLessThan(30);
  });

  it('elsewhere says one line a minute, and one when the state changes', () => {
    const screen = Object.assign(new Screen(), { isTTY: false });
    let nowMs = 0;
    const terminal = new Terminal(screen, () => nowMs);
    for (; nowMs < 120_000; nowMs += 1_000) terminal.looked(exampleStatus());
    expect(screen.lines).toHaveLength(2);
    terminal.looked(exampleStatus({ state: 'HALTED' }));
    terminal.looked(exampleStatus({ state: 'HALTED', end: 'stopped' }));
    expect(screen.lines).toHaveLength(3);
    expect(screen.lines[2]).toContain('HALTED: long 0.010 from 49000, price 49100, next level 900');
  });

  it('lets no text of the venue move the cursor', () => {
    const screen = Object.assign(new Screen(), { isTTY: false });
    new Terminal(screen, () => 0).say('order \u001b[2J\u009b refused\r\nfake line');
    expect(screen.lines).toHaveLength(1);
    expect(screen.lines[0]).toMatch(/order {2}\[2J {2}refused {2}fake line$/);
  });
});

describe('the lines of a status', () => {
  it('say state, position, last fill, spacing, distances, orders, latency and reasons', () => {
    const text = statusLines(exampleStatus()).join('\n');
    for (const part of [
      'TRADING BTCUSDT on testnet, atr-grid abc123 1.0.0, run 3',
      'position long 0.010 from 49000, price 49100, fills 7, last 49000 at 2024-01-01T00:00:00',
      'spacing 1000, to the next level 900, to the exit 400, to liquidation 32.5 %',
      'slot 0 EXIT_PENDING: exit-working since 2024-01-01T00:00:01',
      'exit of slot 0: Sell 0.010 at 49500, filled 0.000, Working',
      'latency, median ms: answer 120, stream-order 101',
      'laxer than shipped: minTrades 30',
      'the last 2024-01-01T00:00:02Z quarantine: an unknown status <b>X</b>',
    ])
      expect(text).toContain(part);
  });
});

describe('the liquidation price', () => {
  const body = (size: string, liqPrice: string, symbol = 'BTCUSDT'): object => ({
    topic: 'position',
    data: [{ symbol, size, liqPrice }],
  });
  it('is the venue’s last word for this symbol, and none when flat', () => {
    const watch = new LiquidationWatch('BTCUSDT');
    const hear = (frame: object): number => {
      watch.acted({ t: 'frame', atMs: 1, socket: 'private', body: frame }, []);
      return watch.price;
    };
    expect(hear(body('0.01', '33000'))).toBe(33_000);
    expect(hear(body('0.01', '1', 'ETHUSDT'))).toBe(33_000);
    expect(hear(body('0.01', ''))).toBe(NaN);
    expect(hear(body('0', '33000'))).toBe(NaN);
  });
});

describe('an onlooker that throws', () => {
  it('is said once, and stops nobody', () => {
    const warned: string[] = [];
    const log = { say: () => undefined, info: () => undefined, error: () => undefined };
    const bad = guarded(
      {
        looked: () => {
          throw new Error('broken');
        },
      },
      { ...log, warn: (fields) => void warned.push(String(fields['why'])) },
    );
    bad.looked?.(exampleStatus());
    bad.looked?.(exampleStatus());
    expect(warned).toEqual(['broken']);
  });
});
