import type { Argv } from 'yargs';
import { InputError } from '../engine/invariant.ts';
import { isoToMs } from '../feeds/csv-time.ts';
import { loadInstrument } from '../feeds/instruments.ts';
import type { LoadedInstrument } from '../feeds/instruments.ts';
import { isAligned } from '../feeds/interval-check.ts';
import { INTERVAL_NAMES, intervalMs } from '../market/tape.ts';

export type SymbolArguments = {
  readonly symbol: string;
  readonly category: string | undefined;
  readonly instrument: string | undefined;
  readonly dataDir: string;
};

export const text = { type: 'string', requiresArg: true } as const;

/** Where the store is; every data command has it. */
export function withDataDir<Options>(command: Argv<Options>): Argv<Options & { dataDir: string }> {
  return command.option('data-dir', {
    ...text,
    describe: 'folder of the store (or LOCKSTEP_DATA_DIR)',
    default: process.env['LOCKSTEP_DATA_DIR'] || 'data',
    defaultDescription: 'data',
  }) as unknown as Argv<Options & { dataDir: string }>;
}

/** The options that name an instrument. */
export function withSymbol<Options>(command: Argv<Options>): Argv<Options & SymbolArguments> {
  return withDataDir(command)
    .option('symbol', { ...text, demandOption: true, describe: 'e.g. BTCUSDT' })
    .option('category', {
      ...text,
      choices: ['linear', 'inverse'],
      describe: 'told by the instrument when left out',
    })
    .option('instrument', {
      ...text,
      describe: 'instrument file of your own',
    }) as unknown as Argv<Options & SymbolArguments>;
}

export function instrumentOf(args: SymbolArguments): LoadedInstrument {
  return loadInstrument({
    symbol: args.symbol,
    category: args.category,
    file: args.instrument,
    dataDir: args.dataDir,
  });
}

export type Interval = { readonly name: string; readonly ms: number };

export function intervalOption(name: string | undefined): Interval {
  const known = INTERVAL_NAMES.join(', ');
  if (name === undefined) throw new InputError(`--interval is missing: one of ${known}`);
  const ms = intervalMs(name);
  if (ms === undefined) throw new InputError(`--interval ${name} is unknown: one of ${known}`);
  return { name, ms };
}

/** An instant as ISO 8601 or epoch ms. */
export function instantOption(option: string, value: string): number {
  const ms = /^\d{12,14}$/.test(value) ? Number(value) : isoToMs(value);
  if (Number.isInteger(ms) && ms >= 0) return ms;
  throw new InputError(
    `--${option} ${value} is not a time: write 2024-01-31, 2024-01-31T12:00:00Z or epoch ms`,
  );
}

export function alignedOption(option: string, value: string, interval: Interval): number {
  const ms = instantOption(option, value);
  if (isAligned(ms, interval.ms)) return ms;
  throw new InputError(`--${option} ${value} does not open a ${interval.name} candle (UTC)`);
}

export function refuseEmptyRange(fromMs: number, toMs: number): void {
  if (fromMs < toMs) return;
  throw new InputError('--from must lie before --to (which is exclusive)');
}
