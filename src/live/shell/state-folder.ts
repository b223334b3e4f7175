import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeAtomic } from '../../feeds/atomic-write.ts';
import { COMMAND_FILES } from './state-commands.ts';
import type { ControlWord } from '../session/protocol.ts';

/** The folder of one deployment: journal, lock, status, and what a person asks for. */
export class StateFolder {
  readonly dir: string;

  constructor(dir: string) {
    this.dir = dir;
  }

  get journalDir(): string {
    return join(this.dir, 'journal');
  }

  create(): void {
    mkdirSync(this.dir, { recursive: true });
  }

  /** Whole at any moment; not made durable, since it is written again in a second. */
  writeStatus(status: object): void {
    const path = join(this.dir, 'status.json');
    const temporary = join(this.dir, `.tmp-${process.pid}-status.json`);
    writeFileSync(temporary, `${JSON.stringify(status, undefined, 2)}\n`, { mode: 0o600 });
    renameSync(temporary, path);
  }

  /** What was asked for since the last look, the most careful last: it has the last word. */
  takeCommands(): ControlWord[] {
    const names = new Set(readdirSync(this.dir));
    const words = COMMAND_FILES.filter((word) => names.has(word));
    for (const word of words) rmSync(join(this.dir, word), { force: true });
    return words;
  }

  /** Leaves a wish for the process that runs here. */
  ask(word: (typeof COMMAND_FILES)[number]): void {
    writeAtomic(join(this.dir, word), []);
  }
}
