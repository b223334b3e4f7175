// The program as child processes, for walks through the live commands: what is run, and what it said.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PROGRAM = join(dirname(fileURLToPath(import.meta.url)), '..', 'bin', 'lockstep.mjs');
const LOOK_EVERY_MS = 50;
/** Kept of what a process says; a soak says much. */
const KEPT_CHARACTERS = 400_000;

const running = new Set();

/** One process of the program, in a folder. */
export class Child {
  text = '';
  code;
  #process;
  #ended;

  constructor(args, folder) {
    this.args = args;
    this.#process = spawn(process.execPath, [PROGRAM, ...args], { cwd: folder });
    running.add(this);
    for (const stream of [this.#process.stdout, this.#process.stderr])
      stream.on('data', (chunk) => {
        this.text = (this.text + chunk).slice(-KEPT_CHARACTERS);
      });
    this.#ended = once(this.#process, 'close').then(([code]) => {
      running.delete(this);
      this.code = code ?? 'killed';
      return this.code;
    });
  }

  /** Its exit code, once it has ended. */
  get ended() {
    return this.#ended;
  }

  /** Waits for `found` to be truthy. */
  async until(what, found, seconds) {
    for (let ms = 0; ms < seconds * 1_000; ms += LOOK_EVERY_MS) {
      const value = await found(this.text);
      if (value) return value;
      if (this.code !== undefined) throw this.#gaveUp(`ended with ${this.code} before: ${what}`);
      await sleep(LOOK_EVERY_MS);
    }
    throw this.#gaveUp(`in ${seconds} s there was not: ${what}`);
  }

  signal(name) {
    this.#process.kill(name);
    return this.#ended;
  }

  #gaveUp(why) {
    return new Error(`lockstep ${this.args.join(' ')}: ${why}\n${this.text.slice(-4_000)}`);
  }
}

/** Runs a command to its end. */
export async function ranIn(folder, args) {
  const child = new Child(args, folder);
  return { code: await child.ended, text: child.text };
}

/** Nothing is left behind, however the caller ends. */
export async function endAll() {
  await Promise.all([...running].map((child) => child.signal('SIGKILL')));
}

export function sleep(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
