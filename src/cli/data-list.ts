import type { Argv } from 'yargs';
import { DataStore } from '../feeds/store.ts';
import { withDataDir } from './data-options.ts';
import { describeSeries } from './data-text.ts';

export function addList(data: Argv): Argv {
  return data.command(
    'list',
    'List the series of the store',
    (command) => withDataDir(command).option('json', { type: 'boolean', default: false }),
    ({ dataDir, json }) => {
      const series = new DataStore(dataDir).list();
      const lines = json ? [JSON.stringify(series, undefined, 2)] : series.map(describeSeries);
      if (lines.length === 0) lines.push(`no series in ${dataDir}`);
      process.stdout.write(`${lines.join('\n')}\n`);
    },
  );
}
