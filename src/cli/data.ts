import type { Argv } from 'yargs';
import { addCandles } from './data-candles.ts';
import { addDownload } from './data-download.ts';
import { addImport } from './data-import.ts';
import { addList } from './data-list.ts';
import { addSynth } from './data-synth.ts';
import { addVerify } from './data-verify.ts';

export function addDataCommand(program: Argv): Argv {
  return program.command('data', 'Import, download, make, list and verify market data', (data) => {
    for (const add of [addImport, addDownload, addSynth, addCandles, addList, addVerify]) add(data);
    return data.demandCommand(
      1,
      'data needs one of import, download, synth, candles, list, verify',
    );
  });
}
