import type { BotConfig } from './bot-config.ts';

/**
 * The first record of each file of a journal: whose journal this is, and how to read it. Its number
 * is that of the record before it, 0 where the journal begins.
 */
export type JournalHeader = {
  readonly k: 'header';
  readonly format: number;
  readonly deployment: string;
  readonly configHash: string;
  /** Of the program that began the journal. */
  readonly version: string;
  /** What trades; absent in journals of tests. */
  readonly config?: BotConfig;
  /** In a later file: the checksum of the last line of the file before it. */
  readonly after?: string;
};

/** `k` says what it is; the rest is the writer's: anything JSON can say, and every number. */
export type JournalRecord = { readonly k: string };

/** A record as it was read; `n` counts from the header's 0 without a gap. */
export type NumberedRecord = {
  readonly n: number;
  readonly k: string;
  readonly [field: string]: unknown;
};

/** The format this program writes, and the newest it reads. */
export const JOURNAL_FORMAT = 1;
