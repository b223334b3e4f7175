import type { HostEvent } from '../../venue/host/host-event.ts';
import type { TopicSource } from '../../venue/host/shared-topics.ts';

/** A venue inside its client's process, whose time passes when it is told to. */
export interface HostedVenue extends TopicSource {
  readonly nowMs: number;
  readonly category: 'linear' | 'inverse';
  request(
    id: number,
    sentMs: number,
    method: 'GET' | 'POST',
    path: string,
    params: Readonly<Record<string, unknown>>,
  ): void;
  /** Infinity when nothing ever will happen by itself. */
  nextMs(): number;
  advanceTo(untilMs: number): number;
  take(): HostEvent | undefined;
}
