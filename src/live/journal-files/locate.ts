import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '../../engine/invariant.ts';
import { nodeDisk } from './journal-disk.ts';
import { segmentPaths } from './read-segments.ts';

/** The files of a journal, from its file, its folder, or the state folder that it is in. */
export function locateJournal(path: string): string[] {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) throw new InputError(`no journal ${path}`);
  if (!stat.isDirectory()) return [path];
  const inside = join(path, 'journal');
  const dir = existsSync(inside) ? inside : path;
  const paths = segmentPaths(nodeDisk, dir);
  if (paths.length === 0) {
    throw new InputError(`${path} holds no journal: give a state folder, or a journal's file`);
  }
  return paths;
}
