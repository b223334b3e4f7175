import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll } from 'vitest';

export const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

export type Ended = { readonly code: number | null; readonly out: string; readonly err: string };

/** The built program; the sources when they do not build just now. */
const built = spawnSync(process.execPath, [join(ROOT, 'scripts/build.mjs'), '--if-stale']);
const [LOADER, MAIN] = built.status === 0
  ? [[], join(ROOT, 'dist/bundle/main.js')]
  : [['--import', import.meta.resolve('tsx')], join(ROOT, 'src/cli/main.ts')];

const ENV = { ...process.env, LOCKSTEP_DATA_DIR: '', LOCKSTEP_DEBUG: '' };
const MOST_OUTPUT = 64 * 1024 * 1024;

/** The command line in a process of its own. */
export function lockstep(args: readonly string[], cwd: string, env = {}): Ended {
  const ended = spawnSync(process.execPath, [...LOADER, MAIN, ...args], {
    cwd, env: { ...ENV, ...env }, encoding: 'utf8', maxBuffer: MOST_OUTPUT,
  });
  return { code: ended.status, out: ended.stdout, err: ended.stderr };
}

/** The same for many, one after the other, in one process of their own. */
export function lockstepEach(all: readonly (readonly string[])[], cwd: string): Ended[] {
  const driver = fileURLToPath(new URL('driver.mjs', import.meta.url));
  const ended = spawnSync(process.execPath, [...LOADER, driver, pathToFileURL(MAIN).href], {
    cwd, env: ENV, encoding: 'utf8', maxBuffer: MOST_OUTPUT,
    input: JSON.stringify(all.map((args) => ({ args, cwd }))),
  });
  if (ended.status !== 0) throw new Error(`the driver failed: ${ended.stderr}`);
  return JSON.parse(ended.stdout) as Ended[];
}

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A folder that is gone after the test file. */
export function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-cli-'));
  folders.push(folder);
  return folder;
}

/** A folder with 30 days of synthetic five-minute candles, linear and inverse. */
export function marketFolder(): string {
  const dir = scratch();
  const made = lockstepEach(['BTCUSDT', 'BTCUSD'].map((symbol) =>
    ['data', 'synth', '--symbol', symbol, '--interval', '5m', '--days', '30', '--seed', '12']), dir);
  for (const { code, err } of made) if (code !== 0) throw new Error(err);
  return dir;
}

export function file(dir: string, name: string, content: string): string {
  writeFileSync(join(dir, name), content);
  return name;
}

/** Every file under a folder with its bytes. */
export function tree(dir: string): Record<string, string> {
  const names = readdirSync(dir, { recursive: true, encoding: 'utf8' }).sort();
  const files = names.filter((name) => statSync(join(dir, name)).isFile());
  return Object.fromEntries(files.map((name) => [name, readFileSync(join(dir, name), 'utf8')]));
}

export type CsvRow = Readonly<Record<string, string>>;

export function csv(path: string): CsvRow[] {
  const [header = '', ...lines] = readFileSync(path, 'utf8').trimEnd().split('\n');
  const names = header.split(',');
  return lines.map((line) => {
    const cells = line.split(',');
    return Object.fromEntries(names.map((name, at) => [name, cells[at] ?? '']));
  });
}
