/** A closed (or still open) round trip, as trades.csv says it. */
export type GroupedTrade = {
  readonly entryTimeMs: number;
  readonly side: string;
  readonly slot: number;
  readonly exitRole: string;
  /** Settle currency, costs included. */
  readonly netPnl: number;
  readonly fees: number;
  readonly holdMs: number;
};

export const TRADE_GROUPINGS = ['month', 'weekday', 'hour', 'side', 'slot', 'exit'] as const;
export type TradeGrouping = (typeof TRADE_GROUPINGS)[number];

export type TradeGroup = {
  readonly group: string;
  readonly trades: number;
  readonly won: number;
  readonly netPnl: number;
  readonly meanPnl: number;
  readonly fees: number;
  readonly meanHoldHours: number;
};

const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const MS_PER_HOUR = 3_600_000;

/** Trades summed up by what they have in common; times are UTC entry times. */
export async function groupTrades(
  trades: readonly GroupedTrade[],
  by: TradeGrouping,
): Promise<TradeGroup[]> {
  if (trades.length === 0) return [];
  // Loading danfojs takes a second, so only a table that needs it does.
  const { DataFrame, toJSON } = (await import('danfojs-node')).default;
  // Plain arrays: danfojs reads typed arrays as rows.
  const frame = new DataFrame({
    group: trades.map((trade) => groupOf(trade, by)),
    trades: trades.map(() => 1),
    won: trades.map((trade) => (trade.netPnl > 0 ? 1 : 0)),
    netPnl: trades.map((trade) => trade.netPnl),
    fees: trades.map((trade) => trade.fees),
    holdHours: trades.map((trade) => trade.holdMs / MS_PER_HOUR),
  });
  const summed = frame.groupby(['group']).agg({
    trades: 'sum',
    won: 'sum',
    netPnl: ['sum', 'mean'],
    fees: 'sum',
    holdHours: 'mean',
  });
  const rows = toJSON(summed) as Record<string, number | string>[];
  return rows
    .map(readRow)
    .sort((a, b) => order(a.group, by) - order(b.group, by) || (a.group < b.group ? -1 : 1));
}

function readRow(row: Record<string, number | string>): TradeGroup {
  return {
    group: String(row['group']),
    trades: Number(row['trades_sum']),
    won: Number(row['won_sum']),
    netPnl: Number(row['netPnl_sum']),
    meanPnl: Number(row['netPnl_mean']),
    fees: Number(row['fees_sum']),
    meanHoldHours: Number(row['holdHours_mean']),
  };
}

function groupOf(trade: GroupedTrade, by: TradeGrouping): string {
  const entry = new Date(trade.entryTimeMs);
  switch (by) {
    case 'month':
      return entry.toISOString().slice(0, 7);
    case 'weekday':
      return WEEKDAYS[entry.getUTCDay()] ?? '';
    case 'hour':
      return `${String(entry.getUTCHours()).padStart(2, '0')}:00`;
    case 'side':
      return trade.side;
    case 'slot':
      return String(trade.slot);
    case 'exit':
      return trade.exitRole === '' ? 'open at the end' : trade.exitRole;
  }
}

/** Weekdays and slots have an order of their own; the rest is read alphabetically. */
function order(group: string, by: TradeGrouping): number {
  if (by === 'weekday') return (WEEKDAYS.indexOf(group) + 6) % 7;
  return by === 'slot' ? Number(group) : 0;
}
