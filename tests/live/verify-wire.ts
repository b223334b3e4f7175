// `npm run verify`: every incident that a wire can bring, and 100 processes killed under faults.
// `tsx tests/live/verify-wire.ts 10` for ten.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SCENARIOS } from '../../src/laboratory/scenarios/incidents.ts';
import { killMarket } from './support/kill-market.ts';
import { killRounds } from './support/kill-rounds.ts';
import type { KillReport } from './support/kill-rounds.ts';
import { offTheWire, playOverTheWire } from './support/wire-scenario.ts';

const kills = Number(process.argv[2] ?? '100');
/** A venue minute is 3 s, a life a few. */
const MINUTES_A_KILL = 6;

async function incidents(): Promise<boolean> {
  let failed = 0;
  for (const scenario of SCENARIOS) {
    const { name } = scenario;
    const missing = offTheWire(scenario);
    if (missing.length > 0) {
      console.log(`${name}: not over the wire (${missing.join(', ')})`);
      continue;
    }
    const said = await inFolder((dir) => incident(scenario, join(dir, 'state')));
    if (said !== '') failed += 1;
    console.log(`${name}: ${said === '' ? 'passed' : said}`);
  }
  return failed === 0;
}

/** What is wrong; empty for nothing. */
async function incident(scenario: (typeof SCENARIOS)[number], dir: string): Promise<string> {
  try {
    const report = await playOverTheWire(scenario, dir);
    const { entriesStopped, unknownOrders, booked, venue, fills, struck, divergence, end } = report;
    const isQuiet = scenario.script.length + scenario.timed.length === 0;
    const good =
      entriesStopped.length + unknownOrders === 0 &&
      booked.steps === venue.steps &&
      booked.money === venue.money &&
      fills > 0 &&
      (isQuiet || struck > 0) &&
      divergence === undefined &&
      end.startsWith('0 stopped');
    return good ? '' : JSON.stringify(report);
  } catch (error) {
    return error instanceof Error ? error.message : 'something that is not an Error';
  }
}

async function killed(): Promise<boolean> {
  const market = killMarket(kills * MINUTES_A_KILL + 60, 5);
  const report = await inFolder((dir) => killRounds(dir, market, kills, 5));
  const { fills, orders, faults, unknown, position, tradingAgainMs } = report;
  console.log(
    `${kills} kills, ${faults} faults, ${orders} orders, ${fills} fills; position ` +
      `${position.booked} in the journal, ${position.venue} at the venue; ` +
      `${unknown.length} fills unknown; trading again after ${tradingAgainMs} ms`,
  );
  const wrong = wrongs(report);
  for (const line of wrong) console.log(`  ${line}`);
  return wrong.length === 0;
}

function wrongs(report: KillReport): string[] {
  const { unknown, position, replay, verify, stopped, leaks, fills } = report;
  const lines = unknown.map((fill) => `unknown: ${fill}`);
  if (fills < report.kills / 2) lines.push(`only ${fills} fills: that shows too little`);
  if (position.booked !== position.venue) lines.push('the positions differ');
  if (!replay.includes('every command is the one that was written')) lines.push(replay);
  if (verify.code !== 0) lines.push(verify.text);
  if (stopped.code !== 0) lines.push(stopped.text);
  return [...lines, ...leaks.map((path) => `the secret is in ${path}`)];
}

async function inFolder<Result>(work: (dir: string) => Promise<Result>): Promise<Result> {
  const dir = mkdtempSync(join(tmpdir(), 'lockstep-wire-'));
  try {
    return await work(dir);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

const passed = [await incidents(), await killed()];
process.exitCode = passed.every(Boolean) ? 0 : 1;
