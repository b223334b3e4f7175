import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { InputError } from '../engine/invariant.ts';
import { canonicalJson } from '../feeds/canonical-json.ts';

/** Rooms of src/ that decide what a bot does: a change in any of them makes it another bot. */
export const DECIDING_ROOMS = [
  'brokers',
  'engine',
  'indicators',
  'live',
  'market',
  'strategies',
  'venue',
] as const;

/** What a change of which would be another proof, though the bot stayed the same. */
export const PROVING_ROOMS = ['laboratory'] as const;

/** Packages that take part in decisions: they compute indicators or speak to the exchange. */
const DECIDING_PACKAGES = ['bybit-api', 'technicalindicators', 'ws'] as const;

/** Which program this is. `hash` stands for the rooms that decide and the packages under them. */
export type ProgramCode = {
  readonly version: string;
  /** Of git, for people; hashed nowhere. */
  readonly commit: string;
  readonly hash: string;
  /** sha256 of the sources of each room. */
  readonly rooms: Readonly<Record<string, string>>;
  readonly packages: Readonly<Record<string, string>>;
};

/** What the build leaves in dist/code.json. */
export type BuiltCode = {
  readonly rooms: Readonly<Record<string, string>>;
  /** Of the bundle made from them: what runs. */
  readonly bundle: string;
};

/** This module lies two levels below the root, as source, as built and in the bundle. */
const ROOT = fileURLToPath(new URL('../../', import.meta.url));

let known: ProgramCode | undefined;

/** The running program; read once. */
export function programCode(): ProgramCode {
  known ??= readProgramCode(ROOT, import.meta.url.endsWith('.ts') ? 'sources' : 'build');
  return known;
}

export function readProgramCode(root: string, from: 'sources' | 'build'): ProgramCode {
  const rooms = from === 'sources' ? sourceRooms(root) : builtRooms(root);
  const file = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as PackageFile;
  const packages = Object.fromEntries(
    DECIDING_PACKAGES.map((name) => [name, file.dependencies?.[name] ?? 'none']),
  );
  const deciding = Object.fromEntries(DECIDING_ROOMS.map((room) => [room, rooms[room] ?? '']));
  const commit = join(root, 'dist', 'commit.txt');
  return {
    version: String(file.version),
    commit: existsSync(commit) ? readFileSync(commit, 'utf8').trim() : 'unknown',
    hash: sha256(canonicalJson({ rooms: deciding, packages })),
    rooms,
    packages,
  };
}

type PackageFile = {
  readonly version?: unknown;
  readonly dependencies?: Readonly<Record<string, string>>;
};

/** The hash of each room's sources, by name. The build calls it too. */
export function sourceRooms(root: string): Record<string, string> {
  const rooms = [...DECIDING_ROOMS, ...PROVING_ROOMS].sort();
  return Object.fromEntries(rooms.map((room) => [room, treeHash(join(root, 'src', room))]));
}

/** The hash of the bundle. The build calls it too. */
export function bundleHash(root: string): string {
  return treeHash(join(root, 'dist', 'bundle'));
}

/** What was built, if it is also what runs. */
function builtRooms(root: string): Readonly<Record<string, string>> {
  const path = join(root, 'dist', 'code.json');
  const mend = 'build it again: npm run build';
  if (!existsSync(path)) throw new InputError(`dist holds no code.json: ${mend}`);
  const built = JSON.parse(readFileSync(path, 'utf8')) as BuiltCode;
  if (built.bundle === bundleHash(root)) return built.rooms;
  throw new InputError(`the program in dist/bundle is not the one that was built: ${mend}`);
}

/** Over the names and contents of every script below a folder. */
function treeHash(folder: string): string {
  const names = existsSync(folder)
    ? readdirSync(folder, { recursive: true, encoding: 'utf8' })
    : [];
  const lines = names
    .filter((name) => /\.[cm]?[jt]s$/.test(name))
    .map((name) => `${name.split(sep).join('/')} ${sha256(readFileSync(join(folder, name)))}\n`)
    .sort();
  return sha256(lines.join(''));
}

function sha256(bytes: string | Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
