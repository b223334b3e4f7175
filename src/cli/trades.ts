import type { Argv } from 'yargs';
import { Instrument } from '../engine/instrument.ts';
import { TRADE_GROUPINGS, groupTrades } from '../report/trade-groups.ts';
import type { GroupedTrade, TradeGroup, TradeGrouping } from '../report/trade-groups.ts';
import { RunFolder } from '../sweep/outputs/read-run.ts';
import type { CsvRow } from '../sweep/outputs/read-run.ts';
import { alignedRows } from './table.ts';

type TradesArguments = { readonly run: string; readonly by: TradeGrouping; readonly json: boolean };

export function addTradesCommand(program: Argv): Argv {
  return program.command(
    'trades <run>',
    "Sum up a backtest's trades by month, weekday, hour, side, slot or exit",
    (command) =>
      command
        .positional('run', { type: 'string', demandOption: true, describe: 'output folder' })
        .option('by', {
          choices: TRADE_GROUPINGS,
          default: 'month',
          describe: 'what trades are grouped by',
        })
        .option('json', {
          type: 'boolean',
          default: false,
          describe: 'print as JSON',
        }) as unknown as Argv<TradesArguments>,
    (args) => printGroups(args),
  );
}

async function printGroups(args: TradesArguments): Promise<void> {
  const run = new RunFolder(args.run);
  const instrument = new Instrument(run.manifest.instrument);
  const groups = await groupTrades(run.csv('trades.csv').map(tradeOf), args.by);
  const text = args.json
    ? JSON.stringify(groups, null, 2)
    : groupsText(groups, args.by, instrument);
  process.stdout.write(`${text}\n`);
}

function tradeOf(row: CsvRow): GroupedTrade {
  return {
    entryTimeMs: Number(row['entry_time_ms']),
    side: row['side'] ?? '',
    slot: Number(row['slot']),
    exitRole: row['exit_role'] ?? '',
    netPnl: Number(row['net_pnl']),
    fees: Number(row['fees']),
    holdMs: Number(row['hold_ms']),
  };
}

function groupsText(groups: readonly TradeGroup[], by: string, instrument: Instrument): string {
  if (groups.length === 0) return 'no trades';
  const coin = instrument.settleCurrency;
  const head = [
    by,
    'trades',
    'won',
    `net (${coin})`,
    `mean (${coin})`,
    `fees (${coin})`,
    'mean hold (h)',
  ];
  const rows = groups.map((group) => [
    group.group,
    String(group.trades),
    `${((group.won / group.trades) * 100).toFixed(0)} %`,
    group.netPnl.toFixed(8),
    group.meanPnl.toFixed(8),
    group.fees.toFixed(8),
    group.meanHoldHours.toFixed(1),
  ]);
  return alignedRows([head, ...rows]).join('\n');
}
