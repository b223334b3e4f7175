import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { InputError } from '../../engine/invariant.ts';

const LARGEST_FILE_BYTES = 16_384;

/** The text of a file that nobody else can read. No message quotes what is in it. */
export async function readOwnerOnly(path: string, what: string): Promise<string> {
  let file: FileHandle;
  try {
    // A link could be pointed elsewhere between two looks: the file that is checked is the one read.
    file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch {
    throw new InputError(`cannot read the ${what} file ${path}: it must be a file and no link`);
  }
  try {
    await checkOwnerOnly(file, path, what);
    return await file.readFile('utf8');
  } finally {
    await file.close();
  }
}

async function checkOwnerOnly(file: FileHandle, path: string, what: string): Promise<void> {
  const { mode, uid, size } = await file.stat().then((stat) => {
    if (!stat.isFile()) throw new InputError(`the ${what} file ${path} is not a file`);
    return stat;
  });
  const others = mode & 0o077;
  if (others !== 0)
    throw new InputError(
      `the ${what} file ${path} can be read or written by others ` +
        `(mode ${(mode & 0o777).toString(8).padStart(4, '0')}): chmod 600 ${path}`,
    );
  const ownUid = process.getuid?.();
  if (ownUid !== undefined && uid !== ownUid)
    throw new InputError(`the ${what} file ${path} belongs to user ${uid}, not to you (${ownUid})`);
  if (size > LARGEST_FILE_BYTES)
    throw new InputError(`the ${what} file ${path} has ${size} bytes: that is no ${what} file`);
}
