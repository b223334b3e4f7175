import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { ROOT } from '../../cli/support/lockstep.ts';

/** A command that goes on while the test does other things, and all that it has said. */
export type Running = {
  readonly child: ChildProcess;
  text: string;
  readonly ended: Promise<number | null>;
};

const children: ChildProcess[] = [];
afterAll(() => children.forEach((child) => child.kill('SIGKILL')));

export function start(args: readonly string[], folder: string): Running {
  const main = join(ROOT, 'dist/bundle/main.js');
  const child = spawn(process.execPath, [main, ...args], { cwd: folder });
  children.push(child);
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  const running: Running = { child, text: '', ended };
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (running.text += chunk.toString()));
  return running;
}

export async function until(what: string, isSo: () => boolean, running: Running): Promise<void> {
  for (let waits = 0; !isSo(); waits += 1) {
    if (waits > 600 || running.child.exitCode !== null)
      throw new Error(`${what} did not come: ${running.text}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
