import type { RateHeaders } from '../exchange/rate-limits.ts';
import type { Envelope } from '../exchange/ret-codes.ts';
import type { Topic } from '../exchange/streams.ts';

/** What reaches a client of the venue, and when. */
export type HostEvent =
  | {
      readonly t: 'reply';
      readonly atMs: number;
      readonly id: number;
      readonly body: Envelope;
      /** Of the endpoint that was asked; public ones have none. */
      readonly limits: RateHeaders | undefined;
    }
  | {
      readonly t: 'private';
      readonly atMs: number;
      readonly topic: Topic;
      readonly body: Readonly<Record<string, unknown>>;
    }
  | {
      readonly t: 'public';
      readonly atMs: number;
      readonly topic: string;
      readonly body: Readonly<Record<string, unknown>>;
    };
