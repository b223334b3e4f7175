import { ALARM_CODES } from '../session/protocol.ts';

/** What is told beside alarms; each has its page in docs/going-live.md. */
export const NEWS_CODES = [
  'started',
  'fill',
  'halt',
  'resumed',
  'liquidation-near',
  'disk-low',
  'stopped',
  'daily-summary',
] as const;

export const ALERT_CODES = [...ALARM_CODES, ...NEWS_CODES] as const;
export type AlertCode = (typeof ALERT_CODES)[number];

export type Alert = {
  readonly code: AlertCode;
  /** The process's clock; an emulated venue has its own. */
  readonly atMs: number;
  readonly text: string;
};
