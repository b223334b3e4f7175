import type { LiveStatus } from '../shell/status.ts';
import type { Onlooker } from './onlooker.ts';
import { statusLine, statusLines } from './status-lines.ts';

/** What a terminal is asked; a file or a service's log has no columns. */
export type Output = {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  write(text: string): unknown;
};

const PLAIN_EVERY_MS = 60_000;
const CLEAR_BELOW = '\u001b[0J';
/** Anything that could move a cursor; texts of the venue end up in lines. */
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/g;

/**
 * Lines as they happen and, on a terminal, below them how it stands, drawn over itself. Elsewhere
 * that is one line a minute, and one whenever the state changes.
 */
export class Terminal implements Onlooker {
  readonly #output: Output;
  readonly #nowMs: () => number;
  #block: readonly string[] = [];
  #plainMs = -Infinity;
  #state = '';

  constructor(output: Output, nowMs: () => number) {
    this.#output = output;
    this.#nowMs = nowMs;
  }

  say(line: string): void {
    const stamp = new Date(this.#nowMs()).toISOString();
    const block = this.#block;
    this.#wipe();
    this.#output.write(`${stamp} ${plain(line)}\n`);
    this.#draw(block);
  }

  looked(status: LiveStatus): void {
    if (this.#output.isTTY === true) {
      this.#wipe();
      if (status.end === undefined) this.#draw(this.#fitted(statusLines(status)));
      return;
    }
    const nowMs = this.#nowMs();
    if (status.end !== undefined) return;
    if (status.state === this.#state && nowMs < this.#plainMs + PLAIN_EVERY_MS) return;
    this.#state = status.state;
    this.#plainMs = nowMs;
    this.say(statusLine(status));
  }

  /** A line that wraps or scrolls away could not be drawn over. */
  #fitted(lines: readonly string[]): string[] {
    const { columns = 80, rows = 24 } = this.#output;
    const most = Math.max(1, rows - 2);
    return ['-'.repeat(Math.min(columns - 1, 60)), ...lines]
      .slice(0, most)
      .map((line) => plain(line).slice(0, Math.max(1, columns - 1)));
  }

  #draw(block: readonly string[]): void {
    if (block.length > 0) this.#output.write(`${block.join('\n')}\n`);
    this.#block = block;
  }

  #wipe(): void {
    if (this.#block.length > 0) this.#output.write(`\u001b[${this.#block.length}A\r${CLEAR_BELOW}`);
    this.#block = [];
  }
}

function plain(line: string): string {
  return line.replace(CONTROL, ' ');
}
