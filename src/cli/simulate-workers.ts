import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { runLifeJob } from './simulate-lives.ts';
import type { LifeJob } from './simulate-lives.ts';
import { planOf, runPlan } from './simulate-seed.ts';
import type { SeedOutcome, SeedRequest } from './simulate-seed.ts';

/** How far a worker may run ahead of the seed that is awaited: what it brings is kept meanwhile. */
const MOST_AHEAD = 64;

type Job = { readonly seed: number; readonly request: SeedRequest };
type Answer = { readonly seed: number; readonly outcome: SeedOutcome };

/** Outcomes in the order of their seeds, whoever came first. */
export async function* seedOutcomes(
  request: SeedRequest,
  first: number,
  last: number,
  workers: number,
  keepJournal?: (bytes: Uint8Array) => void,
): AsyncGenerator<SeedOutcome> {
  if (workers > 1 && last > first) {
    yield* new SeedPool(request, first, last, Math.min(workers, last - first + 1)).outcomes();
    return;
  }
  for (let seed = first; seed <= last; seed += 1)
    yield runPlan(planOf(request, seed), request, keepJournal);
}

/** The other end: a process that runs what it is sent. */
export function serveSeeds(): void {
  process.on('message', (job: Job | LifeJob) => {
    if ('life' in job) {
      process.send?.(runLifeJob(job));
      return;
    }
    const { seed, request } = job;
    process.send?.({ seed, outcome: runPlan(planOf(request, seed), request) } satisfies Answer);
  });
  // Without its parent nobody reads what it finds.
  process.on('disconnect', () => process.exit());
}

class SeedPool {
  readonly #request: SeedRequest;
  readonly #last: number;
  readonly #children: readonly ChildProcess[];
  readonly #idle: ChildProcess[] = [];
  readonly #done = new Map<number, SeedOutcome>();
  #next: number;
  #awaited: number;
  #problem: Error | undefined;
  #wake: () => void = () => undefined;

  constructor(request: SeedRequest, first: number, last: number, workers: number) {
    this.#request = request;
    this.#next = first;
    this.#awaited = first;
    this.#last = last;
    this.#children = Array.from({ length: workers }, () => this.#start());
  }

  async *outcomes(): AsyncGenerator<SeedOutcome> {
    try {
      for (const child of this.#children) this.#send(child);
      for (; this.#awaited <= this.#last; this.#awaited += 1) yield await this.#outcome();
    } finally {
      for (const child of this.#children) child.disconnect();
    }
  }

  async #outcome(): Promise<SeedOutcome> {
    for (;;) {
      if (this.#problem !== undefined) throw this.#problem;
      const outcome = this.#done.get(this.#awaited);
      if (outcome !== undefined) {
        this.#done.delete(this.#awaited);
        for (const child of this.#idle.splice(0)) this.#send(child);
        return outcome;
      }
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  #start(): ChildProcess {
    const child = fork(process.argv[1] ?? '', ['simulate', '--worker'], {
      serialization: 'advanced',
    });
    child.on('message', ({ seed, outcome }: Answer) => {
      this.#done.set(seed, outcome);
      this.#send(child);
      this.#wake();
    });
    child.on('exit', (code) => {
      if (this.#awaited > this.#last) return;
      this.#problem ??= new Error(`simulate: a worker ended with ${code ?? 'a signal'}`);
      this.#wake();
    });
    return child;
  }

  #send(child: ChildProcess): void {
    if (this.#next > this.#last) return;
    if (this.#next > this.#awaited + MOST_AHEAD) {
      this.#idle.push(child);
      return;
    }
    child.send({ seed: this.#next, request: this.#request } satisfies Job);
    this.#next += 1;
  }
}
