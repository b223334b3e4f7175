import { recordText } from '../live/journal/record-text.ts';
import type { Parity, DeedDifference } from '../live/parity/compare.ts';
import type { Deed, TradingRecord } from '../live/parity/story.ts';
import { timelineLine } from './journal-show.ts';

const SHOWN_DEEDS = 5;

/** What two runs have in common, and where they part. */
export function parityLines(parity: Parity, names: readonly [string, string]): string[] {
  const { records, difference, commands, fills, deeds, mostApartMs } = parity;
  const counts = `${records} records, ${commands} commands, ${fills} fills`;
  if (difference === undefined) return [`${counts}: the same, record by record`];
  const [first, second] = names;
  const lines = [`${records} records are the same; then they differ:`];
  lines.push(...difference.before.map((each) => `  ${lineOf(each)}`));
  lines.push(...difference.first.map((each) => `  ${first}: ${lineOf(each)}`));
  lines.push(...difference.second.map((each) => `  ${second}: ${lineOf(each)}`));
  lines.push(
    `${commands} commands and ${fills} fills are on both sides, up to ${mostApartMs} ms apart`,
  );
  if (deeds.length === 0) return [...lines, 'no command and no fill is on one side alone'];
  lines.push(`${deeds.length} are on one side alone, or otherwise:`);
  for (const deed of deeds.slice(0, SHOWN_DEEDS)) lines.push(...deedLines(deed, names));
  if (deeds.length > SHOWN_DEEDS) lines.push(`  and ${deeds.length - SHOWN_DEEDS} more`);
  return lines;
}

function lineOf({ record, atMs }: TradingRecord): string {
  return timelineLine(record.n, atMs, recordText(record));
}

function deedLines({ first, second }: DeedDifference, names: readonly [string, string]): string[] {
  return [...sideLines(first, names[0]), ...sideLines(second, names[1])];
}

/** Why: what the process had just been told when it did so. */
function sideLines(deed: Deed | undefined, name: string): string[] {
  if (deed === undefined) return [`  ${name}: not at all`];
  const at = new Date(deed.atMs).toISOString();
  return [`  ${name}: ${at} ${deed.text}`, `    on ${deed.cause}`];
}
