import { createRequire } from 'node:module';
import type CliProgress from 'cli-progress';
import type { SweepPhase } from '../sweep/sweep-phase.ts';
import type { SweepProgress } from '../sweep/sweep-run.ts';
import { Pace } from './progress-pace.ts';

/** A line this often at most, where there is no terminal; a sweep that is over sooner needs none. */
const MS_PER_LINE = 5_000;

/** Shows how far a sweep is, on stderr: results alone go to stdout. */
export type ProgressView = {
  readonly show: (progress: SweepProgress) => void;
  /** What is done after the points; said before it begins, for it may block. */
  readonly phase: (phase: SweepPhase) => void;
  readonly end: () => void;
};

export function progressView(): ProgressView {
  return process.stderr.isTTY ? bar() : lines();
}

function bar(): ProgressView {
  // Only where there is a terminal to draw on.
  const cliProgress = createRequire(import.meta.url)('cli-progress') as typeof CliProgress;
  const view = new cliProgress.SingleBar({
    stream: process.stderr, clearOnComplete: true, hideCursor: true,
    format: (options, params, payload: { pace?: string }) =>
      `${cliProgress.Format.BarFormat(params.progress, options)} ${params.value} of ${params.total} points, ` +
      `${payload.pace ?? 'starting'}`,
  });
  let pace: Pace | undefined;
  const clearLine = (): void => void process.stderr.write('\r\u001b[K');
  return {
    show(progress) {
      if (pace === undefined) {
        pace = new Pace(progress.done);
        view.start(progress.total, progress.done, { pace: 'starting' });
      }
      view.update(progress.done, { pace: pace.text(progress) });
    },
    phase(phase) {
      view.stop();
      clearLine();
      process.stderr.write(phaseText(phase));
    },
    end() {
      view.stop();
      clearLine();
    },
  };
}

function lines(): ProgressView {
  let pace: Pace | undefined;
  const startMs = performance.now();
  let shownMs = startMs;
  return {
    show(progress) {
      pace ??= new Pace(progress.done);
      const text = pace.text(progress);
      const nowMs = performance.now();
      const last = progress.done === progress.total;
      if (!last && nowMs - shownMs < MS_PER_LINE) return;
      shownMs = nowMs;
      process.stderr.write(`sweep: ${progress.done} of ${progress.total} points, ${text}\n`);
    },
    phase(phase) {
      // Steps of one phase only now and then; short sweeps are over before anyone wonders.
      const nowMs = performance.now();
      const since = (phase.done ?? 0) === 0 ? startMs : shownMs;
      if (nowMs - since < MS_PER_LINE) return;
      shownMs = nowMs;
      process.stderr.write(`sweep: ${phaseText(phase)}\n`);
    },
    end: () => undefined,
  };
}

function phaseText({ name, done, total }: SweepPhase): string {
  return total === undefined ? name : `${name}, ${done ?? 0} of ${total}`;
}
