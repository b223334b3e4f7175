import cliProgress from 'cli-progress';
import type { SweepProgress } from '../sweep/sweep-run.ts';

const MS_PER_LINE = 5_000;

/** Shows how far a sweep is, on stderr: results alone go to stdout. */
export type ProgressView = {
  readonly show: (progress: SweepProgress) => void;
  readonly end: () => void;
};

export function progressView(): ProgressView {
  return process.stderr.isTTY ? bar() : lines();
}

/** Points per second and what is left, from the points of this process alone. */
class Pace {
  readonly #startMs = performance.now();
  readonly #startDone: number;

  constructor(done: number) {
    this.#startDone = done;
  }

  text({ done, total }: SweepProgress): string {
    const seconds = (performance.now() - this.#startMs) / 1_000;
    const perSecond = (done - this.#startDone) / Math.max(seconds, 0.001);
    if (perSecond <= 0) return 'starting';
    const left = Math.ceil((total - done) / perSecond);
    return `${perSecond.toFixed(perSecond < 10 ? 1 : 0)} points/s, ${timeText(left)} left`;
  }
}

function bar(): ProgressView {
  const view = new cliProgress.SingleBar({
    stream: process.stderr, clearOnComplete: true, hideCursor: true,
    format: (options, params, payload: { pace?: string }) =>
      `${cliProgress.Format.BarFormat(params.progress, options)} ${params.value} of ${params.total} points, ` +
      `${payload.pace ?? 'starting'}`,
  });
  let pace: Pace | undefined;
  return {
    show(progress) {
      if (pace === undefined) {
        pace = new Pace(progress.done);
        view.start(progress.total, progress.done, { pace: 'starting' });
      }
      view.update(progress.done, { pace: pace.text(progress) });
    },
    end: () => view.stop(),
  };
}

function lines(): ProgressView {
  let pace: Pace | undefined;
  let shownMs = performance.now();
  return {
    show(progress) {
      pace ??= new Pace(progress.done);
      const nowMs = performance.now();
      const last = progress.done === progress.total;
      if (!last && nowMs - shownMs < MS_PER_LINE) return;
      shownMs = nowMs;
      const { done, total } = progress;
      process.stderr.write(`sweep: ${done} of ${total} points, ${pace.text(progress)}\n`);
    },
    end: () => undefined,
  };
}

function timeText(seconds: number): string {
  if (seconds < 100) return `${seconds} s`;
  return seconds < 6_000 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3_600).toFixed(1)} h`;
}
