import type { Input } from '../live/session/protocol.ts';
import type { Truth } from '../venue/exchange/records.ts';
import type { Belief } from './bot.ts';

/** Whoever wants to see a run as it goes; it can change nothing. */
export type Observer = {
  truth(atMs: number, truth: Truth): void;
  sent(atMs: number, path: string, params: Readonly<Record<string, unknown>>): void;
  input(atMs: number, input: Input): void;
  belief(atMs: number, belief: Belief): void;
  died(atMs: number, why: string): void;
};
