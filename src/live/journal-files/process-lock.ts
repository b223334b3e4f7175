import {
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { InputError } from '../../engine/invariant.ts';
import { diskProblem } from './journal-disk.ts';

/** Who holds a folder. A pid alone comes again; with its start it does not. */
type Holder = { readonly host: string; readonly pid: number; readonly started: string };

/** A holder of another host (or container) cannot be looked at: its touch is its life sign. */
const TOUCHED_WITHIN_MS = 15_000;

/** One process a state folder: two would trade against each other under the same ids. */
export class ProcessLock {
  readonly #path: string;
  readonly #text: string;

  private constructor(path: string, text: string) {
    this.#path = path;
    this.#text = text;
  }

  /** Takes a dead holder's place; refuses a living one's. */
  static take(dir: string, nowMs: number): ProcessLock {
    const path = join(dir, 'lock');
    const text = `${JSON.stringify(ourselves())}\n`;
    try {
      mkdirSync(dir, { recursive: true });
      for (let tries = 0; tries < 3; tries += 1) {
        if (createWhole(path, text)) return new ProcessLock(path, text);
        const held = textOf(path);
        if (held === undefined) continue;
        refuseIfAlive(path, held, nowMs);
        takeAway(path, held);
      }
    } catch (error) {
      if (error instanceof InputError) throw error;
      throw new InputError(`${path}: the lock cannot be taken: ${diskProblem(error)}`);
    }
    throw new InputError(`${path}: another process is taking the lock at this moment; try again`);
  }

  /** A life sign, for those who cannot look at us. */
  touch(nowMs: number): void {
    try {
      utimesSync(this.#path, nowMs / 1000, nowMs / 1000);
    } catch {
      // A lock that is gone is nobody's to touch.
    }
  }

  release(): void {
    if (textOf(this.#path) === this.#text) rmSync(this.#path, { force: true });
  }
}

function ourselves(): Holder {
  return { host: hostname(), pid: process.pid, started: startOf(process.pid) };
}

/** The kernel's start time of a process; empty where there is no /proc, or no such process. */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name before it stands in parentheses and may hold anything.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}

/** Whole or not at all: a lock that a crash has left empty would be nobody's. */
function createWhole(path: string, text: string): boolean {
  const own = `${path}.${process.pid}`;
  writeFileSync(own, text, { mode: 0o600 });
  try {
    linkSync(own, path);
    return true;
  } catch (error) {
    if (diskProblem(error) === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(own, { force: true });
  }
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function refuseIfAlive(path: string, held: string, nowMs: number): void {
  const holder = holderOf(held);
  if (holder === undefined || !isAlive(path, holder, nowMs)) return;
  const where = holder.host === hostname() ? '' : ` on ${holder.host}`;
  throw new InputError(
    `${path}: process ${holder.pid}${where} already runs this deployment; stop it first`,
  );
}

function isAlive(path: string, holder: Holder, nowMs: number): boolean {
  if (holder.host !== hostname()) {
    const touchedMs = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? -Infinity;
    return nowMs - touchedMs < TOUCHED_WITHIN_MS;
  }
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    // Another user's process cannot be signalled, but it is there.
    if (diskProblem(error) !== 'EPERM') return false;
  }
  return holder.started === '' || startOf(holder.pid) === holder.started;
}

function holderOf(text: string): Holder | undefined {
  try {
    const { host, pid, started } = JSON.parse(text) as Partial<Holder>;
    if (typeof host !== 'string' || typeof pid !== 'number' || typeof started !== 'string')
      return undefined;
    return { host, pid, started };
  } catch {
    return undefined;
  }
}

/** Two may find the same dead lock: what was taken away must be it, or it goes back. */
function takeAway(path: string, dead: string): void {
  const aside = `${path}.dead-${process.pid}`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if (diskProblem(error) === 'ENOENT') return;
    throw error;
  }
  if (textOf(aside) !== dead) {
    try {
      linkSync(aside, path);
    } catch (error) {
      if (diskProblem(error) !== 'EEXIST') throw error;
    }
  }
  rmSync(aside, { force: true });
}
