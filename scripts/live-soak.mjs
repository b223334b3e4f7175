// `npm run live:soak [-- --hours 8 --speed 60 --seed 1]`: a bot trades against the emulator for hours of
// venue time, while the exchange fails by a plan and the process is killed or stopped at random
// moments. At the end belief and exchange must agree, every order at the exchange be in the journal,
// and the journal be whole and replay to the same commands.
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { Child, endAll, ranIn, sleep } from './children.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const number = (flag, otherwise) => {
  const at = process.argv.indexOf(flag);
  return at < 0 ? otherwise : Number(process.argv[at + 1]);
};
const hours = number('--hours', 8);
const speed = number('--speed', 60);
const seed = number('--seed', 1);

const HOUR_MS = 3_600_000;
/** Venue time between two ends of the process, on average. */
const LIFE_MS = HOUR_MS / 2;
const PATIENCE_S = 120;
/** Of calm after the last fault, in which everything has to come right. */
const CALM_S = 60;

const folder = mkdtempSync(join(tmpdir(), 'lockstep-soak-'));
const counts = { fills: 0, crashes: 0, stops: 0, alarms: 0, reconnects: 0 };
const violations = [];
let dice = seed;

try {
  await prepare();
  const emulator = await emulate();
  const fromMs = (await venueOf(emulator)).venueMs;
  let live = await begin(emulator);
  for (let now = fromMs; now < fromMs + hours * HOUR_MS; now = (await venueOf(emulator)).venueMs) {
    await sleep((LIFE_MS * (0.3 + 1.4 * chance())) / speed);
    live = await restarted(live, emulator);
  }
  await calm(emulator, live);
  const venue = await venueOf(emulator);
  await live.signal('SIGTERM');
  await judged();
  if (venue.orders > counts.ids)
    violations.push(`${venue.orders} orders at the exchange, ${counts.ids} in the journal`);
  report((venue.venueMs - fromMs) / HOUR_MS, venue);
} finally {
  await endAll();
  if (violations.length === 0) rmSync(folder, { recursive: true, force: true });
}
process.exitCode = violations.length === 0 ? 0 : 1;

/** A bot that trades often, promoted with every gate on results waived. */
async function prepare() {
  const market = ['--symbol', 'BTCUSDT', '--days', '9', '--seed', String(seed)];
  await done(['data', 'synth', ...market]);
  const bot = ['qty=0.01', 'multiplier=0.3', 'takeProfit=0.3', 'stopLoss=3', 'maxLevels=3'];
  const sets = [...bot, 'atrInterval=1m', 'anchor=trailing'].flatMap((each) => ['--set', each]);
  await done(['backtest', '--symbol', 'BTCUSDT', '--to', '2024-01-02', ...sets, '--out', 'run']);
  const { text } = await ranIn(folder, ['promote', 'run', '--explain']);
  const [, failed = ''] = /not promoted to dry-run: (.*)/.exec(text) ?? [];
  const waived = failed.split(', ').flatMap((gate) => ['--waive', `${gate}=a soak`]);
  await done(['promote', 'run', ...waived, '--max-position', '0.1', '--out', 'soak.json']);
}

async function emulate() {
  const plan = JSON.parse(readFileSync(join(root, 'examples', 'live', 'faults.json'), 'utf8'));
  writeFileSync(join(folder, 'faults.json'), JSON.stringify({ ...plan, seed }));
  const child = new Child(
    [
      ...['emulator', '--symbol', 'BTCUSDT', '--from', '2024-01-02', '--capital', '100000'],
      ...['--speed', String(speed), '--faults', 'faults.json', '--key-file', 'keys.json'],
    ],
    folder,
  );
  await child.until('its addresses', (text) => text.includes('keys '), PATIENCE_S);
  return JSON.parse(readFileSync(join(folder, 'keys.json'), 'utf8'));
}

async function begin({ restUrl, wsUrl }) {
  // The checks before the first order are refused where a fault strikes them: a service starts again.
  for (let tries = 0; ; tries += 1) {
    const child = new Child(
      [
        ...['live', '--deployment', 'soak.json', '--env', 'emulator', '--base-url', restUrl],
        ...['--ws-url', wsUrl, '--key-file', 'keys.json', '--speed', String(speed)],
        ...['--state-dir', 'state'],
      ],
      folder,
    );
    try {
      await child.until('recovery', (text) => text.includes('recovered in'), PATIENCE_S);
      return child;
    } catch (error) {
      if (child.code !== 2 || tries === 9) throw error;
    }
  }
}

async function restarted(live, emulator) {
  if (live.code !== undefined) violations.push(`it ended by itself:\n${live.text.slice(-2_000)}`);
  const kills = chance() < 0.7;
  if (live.code === undefined) await live.signal(kills ? 'SIGKILL' : 'SIGTERM');
  counts[kills ? 'crashes' : 'stops'] += 1;
  heard(live);
  return begin(emulator);
}

function heard({ text }) {
  counts.fills += text.split('fill: ').length - 1;
  counts.alarms += text.split('ALARM ').length - 1;
}

/** Belief and exchange come to the same once nobody is in a hurry. */
async function calm(emulator, live) {
  let last = '';
  for (let seconds = 0; seconds < CALM_S; seconds += 1) {
    const { position } = statusNow();
    const believed = Number(position.qty) * (position.side === 'short' ? -1 : 1);
    const venue = await venueOf(emulator);
    last = `${believed} believed, ${venue.position} at the exchange`;
    if (believed === Number(venue.position)) return heard(live);
    await sleep(1_000);
  }
  violations.push(`position: ${last}`);
}

async function judged() {
  for (const args of [
    ['journal', 'verify', 'state'],
    ['replay', 'state'],
  ]) {
    const { code, text } = await ranIn(folder, args);
    if (code === 0)
      console.log(
        text
          .trimEnd()
          .split('\n')
          .at(args[0] === 'replay' ? 0 : -1),
      );
    else violations.push(`${args.join(' ')} ended with ${code}:\n${text}`);
  }
  const log = readFileSync(join(folder, 'state', 'live.log'), 'utf8');
  counts.reconnects = log.split('"msg":"socket closed"').length - 1;
  const intents = createsInJournal();
  counts.orders = intents.length;
  const twice = intents.filter((id, at) => intents.indexOf(id) !== at);
  // The same id may be sent again after an unknown outcome; the exchange takes it once.
  counts.resent = twice.length;
  counts.ids = new Set(intents).size;
}

function createsInJournal() {
  const dir = join(folder, 'state', 'journal');
  const files = readdirSync(dir)
    .filter((name) => name.includes('.journal'))
    .sort();
  const ids = [];
  for (const name of files) {
    const bytes = readFileSync(join(dir, name));
    const text = (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString();
    for (const line of text.split('\n'))
      if (line.includes('"k":"intent"') && line.includes('/v5/order/create'))
        ids.push(/"orderLinkId":"([^"]+)"/.exec(line)?.[1]);
  }
  return ids;
}

function report(venueHours, venue) {
  const { fills, ids, resent, crashes, stops, reconnects, alarms } = counts;
  const faults = Object.values(venue.faults).reduce((sum, count) => sum + count, 0);
  console.log(
    `${venueHours.toFixed(1)} venue hours at speed ${speed}, seed ${seed}: ${ids} orders (${resent} sent again), ` +
      `${venue.executions} executions, ${fills} fills told, ${crashes} crashes, ${stops} stops, ` +
      `${faults} faults, ${reconnects} reconnects, ${alarms} alarms; ${violations.length} violations`,
  );
  for (const [name, count] of Object.entries(venue.faults)) console.log(`  ${name} ${count}`);
  for (const each of violations) console.log(`VIOLATION ${each}`);
  if (violations.length > 0) console.log(`everything is kept in ${folder}`);
}

async function done(args) {
  const { code, text } = await ranIn(folder, args);
  if (code !== 0) throw new Error(`lockstep ${args.join(' ')} ended with ${code}:\n${text}`);
}

async function venueOf({ controlUrl, controlToken }) {
  const headers = { Authorization: `Bearer ${controlToken}` };
  return (await fetch(`${controlUrl}/status`, { headers })).json();
}

function statusNow() {
  return JSON.parse(readFileSync(join(folder, 'state', 'status.json'), 'utf8'));
}

/** The same moments for the same seed, as far as wall time lets them be. */
function chance() {
  dice = (dice * 48_271) % 2_147_483_647;
  return dice / 2_147_483_647;
}
