import { fork } from 'node:child_process';
import { InputError } from '../engine/invariant.ts';
import { joined, runLifeCases } from '../laboratory/exhaustive/exhaustive.ts';
import type { LifeTotals } from '../laboratory/exhaustive/exhaustive.ts';
import { ORDER_LIVES } from '../laboratory/exhaustive/order-lives.ts';
import { buildCommit } from './build-commit.ts';

const LIVES = ORDER_LIVES.length;
export const MOST_MESSAGES = Math.max(...ORDER_LIVES.map(({ messages }) => messages.length));

export type LifeJob = { readonly life: number; readonly part: number; readonly parts: number };

/** Every case of every life of at most so many messages; 1 when a rule was broken. */
export async function simulateLives(mostMessages: number, workers: number): Promise<number> {
  if (!(Number.isInteger(mostMessages) && mostMessages >= 2 && mostMessages <= MOST_MESSAGES)) {
    throw new InputError(`--messages ${mostMessages} is not a whole number from 2 to 6`);
  }
  const say = (text: string): void => void process.stdout.write(`${text}\n`);
  const all: LifeTotals[] = [];
  const startMs = performance.now();
  for (let life = 0; life < LIVES; life += 1) {
    const { name, messages } = lifeAt(life);
    if (messages.length > mostMessages) continue;
    const totals = joined(await sharesOf(life, workers));
    all.push(totals);
    say(`${name}, ${messages.length} messages: ${totals.cases} cases, ${totals.broken} broken`);
    if (totals.first !== undefined) say(`  case ${totals.firstAt}: ${totals.first}`);
  }
  const { cases, broken } = joined(all);
  say(`exhaustive, commit ${buildCommit()}: ${cases} cases: ${broken} broken`);
  const seconds = (performance.now() - startMs) / 1000;
  process.stderr.write(
    `simulate: ${seconds.toFixed(0)} s, ${(cases / seconds).toFixed(0)} cases a second\n`,
  );
  return broken > 0 ? 1 : 0;
}

export function runLifeJob({ life, part, parts }: LifeJob): LifeTotals {
  return runLifeCases(lifeAt(life), part, parts);
}

async function sharesOf(life: number, workers: number): Promise<readonly LifeTotals[]> {
  if (workers === 1) return [runLifeJob({ life, part: 0, parts: 1 })];
  const parts = Array.from({ length: workers }, (_, part) => part);
  return Promise.all(parts.map((part) => elsewhere({ life, part, parts: workers })));
}

function elsewhere(job: LifeJob): Promise<LifeTotals> {
  return new Promise((resolve, reject) => {
    const child = fork(process.argv[1] ?? '', ['simulate', '--worker'], {
      serialization: 'advanced',
    });
    child.once('message', (totals: LifeTotals) => {
      resolve(totals);
      child.disconnect();
    });
    child.once('exit', (code) => reject(new Error(`simulate: a worker ended with ${code ?? '?'}`)));
    child.send(job);
  });
}

function lifeAt(at: number): (typeof ORDER_LIVES)[number] {
  const life = ORDER_LIVES[at];
  if (life === undefined) throw new RangeError(`there is no life ${at}`);
  return life;
}
