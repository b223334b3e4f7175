import type { ScriptedFault, TimedFault } from '../fault-plan.ts';

/** An incident that has cost somebody money, played again on the laboratory's world. */
export type Scenario = {
  readonly name: string;
  /** What happened. */
  readonly incident: string;
  /** What is to happen instead. */
  readonly lesson: string;
  readonly script: readonly ScriptedFault[];
  readonly timed: readonly TimedFault[];
  /** Lots trade one by one. */
  readonly isThin: boolean;
  readonly hasStops: boolean;
  /** Exits come with their entry, stops near enough to fire. */
  readonly isAttached: boolean;
  readonly chaosMinutes: number;
};

type Parts = Partial<Omit<Scenario, 'name' | 'incident' | 'lesson'>>;

export function scenario(
  name: string,
  incident: string,
  lesson: string,
  parts: Parts = {},
): Scenario {
  return {
    name,
    incident,
    lesson,
    script: [],
    timed: [],
    isThin: false,
    hasStops: false,
    isAttached: false,
    chaosMinutes: 60,
    ...parts,
  };
}
