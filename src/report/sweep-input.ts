import type { MetricDefinition, SweepResult } from '../sweep/results.ts';

export type SweepPoints = {
  readonly count: number;
  readonly params: Readonly<Record<string, readonly (number | string | boolean)[]>>;
  /** By metric name; NaN = n/a. */
  readonly columns: Readonly<Record<string, Float64Array>>;
  readonly plateauScore: Float64Array;
};

export type SweepReportInput = {
  readonly result: SweepResult;
  readonly metrics: readonly MetricDefinition[];
  readonly points: SweepPoints;
  readonly bestEquity?: {
    readonly label: string;
    readonly timeMs: Float64Array;
    readonly equity: Float64Array;
    readonly buyAndHold: Float64Array;
  };
  /**
   * The command that reruns a point, without its parameters; each parameter is appended as
   * `paramFlag name=value`. Left out, it is put together from the run's header.
   */
  readonly rerun?: { readonly command: string; readonly paramFlag: string };
};
