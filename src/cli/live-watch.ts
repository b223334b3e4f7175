import { mkdirSync } from 'node:fs';
import type { Argv } from 'yargs';
import { PageServer } from '../live/page/page-server.ts';
import { pageToken } from '../live/page/page-token.ts';
import { StateFolder } from '../live/shell/state-folder.ts';
import { MeterBook } from '../live/watch/meter-book.ts';
import type { Onlooker } from '../live/watch/onlooker.ts';

export type WatchArguments = {
  readonly pagePort: number | undefined;
};

/** Whoever looks on from outside the process, and how to let them go. */
export type Watchers = {
  readonly onlookers: readonly Onlooker[];
  readonly lines: readonly string[];
  readonly close: () => Promise<void>;
};

export function watchOptions(command: Argv): Argv {
  return command.option('page-port', {
    type: 'number',
    requiresArg: true,
    describe: 'status page and metrics on loopback; 0 takes a free port',
  });
}

export async function openWatchers(stateDir: string, args: WatchArguments): Promise<Watchers> {
  const onlookers: Onlooker[] = [];
  const lines: string[] = [];
  const closes: (() => Promise<void>)[] = [];
  if (args.pagePort !== undefined) {
    mkdirSync(stateDir, { recursive: true });
    const meters = new MeterBook();
    const token = await pageToken(stateDir);
    const halt = (): void => new StateFolder(stateDir).ask('halt');
    const page = await PageServer.open({ port: args.pagePort, token, meters, halt });
    onlookers.push(meters, page);
    lines.push(`status page ${page.url} (its token is in ${stateDir}/page-token)`);
    closes.push(() => page.close());
  }
  const close = async (): Promise<void> => {
    for (const each of closes) await each();
  };
  return { onlookers, lines, close };
}
