import { fdatasyncSync } from 'node:fs';
import { diskProblem, nodeDisk } from './journal-disk.ts';
import type { JournalDisk } from './journal-disk.ts';

/** Durable before anything else happens: for a process whose time waits for it. */
export const promptDisk: JournalDisk = {
  ...nodeDisk,
  sync(file, done) {
    try {
      fdatasyncSync(file);
    } catch (error) {
      done(diskProblem(error));
      return;
    }
    done(undefined);
  },
};

/** For a run that is only compared with another: nobody will miss what a power cut takes. */
export const hastyDisk: JournalDisk = {
  ...nodeDisk,
  sync: (_file, done) => {
    done(undefined);
  },
};
