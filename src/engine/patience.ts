/** How long what is awaited may take. Each wait ends in a question, and then in an alarm. */
export type Patience = {
  /** For news on the stream, before REST is asked. */
  readonly streamMs: number;
  /** `Filled` without its executions: wait this long, then ask, and again. */
  readonly executionsMs: number;
  /** For the answer to a request; the session's own time limit comes first. */
  readonly requestMs: number;
  readonly askAgainMs: number;
  /** recv_window + read lag + margin: what is absent after this did not happen. */
  readonly fenceMs: number;
  readonly alarmMs: number;
};

export const DEFAULT_PATIENCE: Patience = {
  streamMs: 10_000,
  executionsMs: 2_000,
  requestMs: 30_000,
  askAgainMs: 2_000,
  fenceMs: 5_000 + 15_000 + 10_000,
  alarmMs: 60_000,
};
