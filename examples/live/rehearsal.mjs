// From a sweep to a bot that has lived through faults, by the documented commands alone, each shown
// with what it said: docs/rehearsal.md. `node examples/live/rehearsal.mjs [FOLDER]`; the prices are
// generated and the exchange is the emulator, so no network, no key and no money take part.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Child, endAll, ranIn, sleep } from '../../scripts/children.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const kept = process.argv[2];
const folder = kept ?? mkdtempSync(join(tmpdir(), 'lockstep-rehearsal-'));
const [gates, faults] = [join(here, 'gates.json'), join(here, 'faults.json')];

const SPEED = ['--speed', '60'];
const CAPITAL = ['--capital', '100000'];
const LIMITS = ['--max-position', '0.3', '--max-daily-loss', '500'];
const WAIVED = ['--waive', 'real-prices=a rehearsal on generated prices'];
const PATIENCE_S = 90;
const FAULTS_FOR_MS = 8_000;
/** While it trades, or while it finds out what was filled as it looked away. */
const FILLED = /fill: long|recovered in [^\n]*: long/;

try {
  await judge();
  await dryRun();
  await testnet();
  console.log('\nthe rehearsal is over');
} finally {
  await endAll();
  if (kept === undefined) rmSync(folder, { recursive: true, force: true });
}

async function judge() {
  title('A run that is worth promoting');
  const market = ['--symbol', 'BTCUSDT', '--days', '100', '--seed', '12'];
  await lockstep([
    'data',
    'synth',
    ...market,
    '--drift',
    '500',
    '--volatility',
    '40',
    '--start-price',
    '60000',
  ]);
  const bot = [
    'qty=0.1',
    'stopLoss=8',
    'anchor=trailing',
    'atrInterval=15m',
    'initialEntry=immediate',
  ];
  await lockstep(
    [
      ...[
        'sweep',
        '--symbol',
        'BTCUSDT',
        '--to',
        '2024-04-05',
        ...CAPITAL,
        '--grid',
        'takeProfit=1,2',
      ],
      ...['--grid', 'multiplier=0.3:0.6:0.1', ...bot.flatMap((each) => ['--set', each])],
      ...['--out', 'reports/grid'],
    ],
    { shows: 16 },
  );
  await lockstep(['promote', 'reports/grid', '--explain'], { ends: 1, shows: 24 });
  await lockstep(
    ['promote', 'reports/grid', '--to', 'dry-run', ...WAIVED, ...LIMITS, '--out', 'dry-run.json'],
    { shows: 3 },
  );
}

async function dryRun() {
  title('Dry-run: the prices of the exchange, fills of our own');
  const emulator = await emulate('dry', '2024-04-05', []);
  const live = start([
    ...['live', '--deployment', 'dry-run.json', '--env', 'dry-run', ...emulator.market, ...SPEED],
    ...['--state-dir', 'live/dry-run'],
  ]);
  await live.until('a fill', (text) => FILLED.test(text), PATIENCE_S);
  await live.until(
    'a quarter of an hour of venue time',
    () => hoursIn('live/dry-run') > 0.3,
    PATIENCE_S,
  );
  await live.signal('SIGINT');
  said(live);
  await emulator.child.signal('SIGINT');
  const after = ['--after', 'dry-run.json', '--journal', 'live/dry-run', ...WAIVED, ...LIMITS];
  const promote = ['promote', 'reports/grid', '--to', 'testnet', ...after];
  await lockstep([...promote, '--explain'], { ends: 1, shows: 6 });
  await lockstep([...promote, '--gates', gates, '--out', 'testnet.json'], { shows: 6 });
}

async function testnet() {
  title('Testnet, which fails in every way it can');
  const emulator = await emulate('testnet', '2024-04-06', ['--faults', faults]);
  const state = ['--state-dir', 'live/testnet'];
  const live = [
    ...['live', '--deployment', 'testnet.json', '--env', 'emulator', ...emulator.access, ...SPEED],
    ...state,
  ];
  const first = start(live);
  await first.until('a fill', (text) => FILLED.test(text), PATIENCE_S);
  await lockstep(['status', ...state], { shows: 20 });
  await lockstep(['halt', ...state]);
  await first.until('that it was told so', (text) => text.includes('told to halt'), PATIENCE_S);
  await first.signal('SIGKILL');
  said(first);

  title('Killed; the next start still knows that it was halted');
  const second = start(live);
  await second.until(
    'recovery',
    (text) => /recovered in[^]*entries are stopped: .*halt/.test(text),
    PATIENCE_S,
  );
  await lockstep(['resume', ...state]);
  await second.until(
    'entries',
    (text) => /told to resume[^]*entries are open/.test(text),
    PATIENCE_S,
  );
  await sleep(FAULTS_FOR_MS);
  await second.signal('SIGTERM');
  said(second);
  await agree(emulator);
  await emulator.child.signal('SIGINT');

  title('What was decided is what the journal says');
  await lockstep(['journal', 'verify', 'live/testnet']);
  await lockstep(['replay', 'live/testnet']);
  await lockstep(
    [
      ...['promote', 'reports/grid', '--to', 'mainnet', '--after', 'testnet.json'],
      ...['--journal', 'live/testnet', ...WAIVED, ...LIMITS, '--explain'],
    ],
    { ends: 1, shows: 8 },
  );
}

async function emulate(name, from, more) {
  const keys = `${name}-keys.json`;
  const child = start([
    ...['emulator', '--symbol', 'BTCUSDT', '--from', from, ...SPEED, ...CAPITAL],
    ...['--key-file', keys, ...more],
  ]);
  await child.until('its addresses', (text) => text.includes('keys '), PATIENCE_S);
  const file = JSON.parse(readFileSync(join(folder, keys), 'utf8'));
  const market = ['--base-url', file.restUrl, '--ws-url', file.wsUrl];
  return { child, file, market, access: [...market, '--key-file', keys] };
}

/** What the bot believed at its end is what the exchange knows. */
async function agree({ file: { controlUrl, controlToken } }) {
  const headers = { Authorization: `Bearer ${controlToken}` };
  const venue = await (await fetch(`${controlUrl}/status`, { headers })).json();
  const { position } = JSON.parse(readFileSync(join(folder, 'live/testnet/status.json'), 'utf8'));
  const believed = position.side === 'short' ? `-${position.qty}` : position.qty;
  const faults = Object.entries(venue.faults).map(([name, count]) => `${name} ${count}`);
  console.log(`\nfaults: ${faults.join(', ')}`);
  console.log(`position: ${believed} believed, ${venue.position} at the exchange`);
  if (Number(believed) !== Number(venue.position)) throw new Error('they do not agree');
}

/** Venue time from the first to the last status, as a person would see it go by. */
function hoursIn(stateDir) {
  try {
    const { atMs } = JSON.parse(readFileSync(join(folder, stateDir, 'status.json'), 'utf8'));
    hoursIn.fromMs ??= atMs;
    return (atMs - hoursIn.fromMs) / 3_600_000;
  } catch {
    return 0;
  }
}

function title(text) {
  console.log(`\n## ${text}`);
}

function shown(args) {
  const words = args.map((word) => (/[\s=]/.test(word) && word.includes(' ') ? `'${word}'` : word));
  console.log(`\n$ lockstep ${words.join(' ').replaceAll(`${here}/`, 'examples/live/')}`);
}

function start(args) {
  shown(args);
  return new Child(args, folder);
}

async function lockstep(args, { ends = 0, shows = 4 } = {}) {
  shown(args);
  const { code, text } = await ranIn(folder, args);
  console.log(text.trimEnd().split('\n').slice(-shows).join('\n'));
  if (code !== ends) throw new Error(`it ended with ${code}, not ${ends}:\n${text}`);
}

function said(child) {
  const lines = child.text
    .trimEnd()
    .split('\n')
    .filter((line) => !line.includes(' check: '));
  console.log(lines.map((line) => `  ${line}`).join('\n'));
}
