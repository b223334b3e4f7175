/** What a sweep does once all its points are run, in a few words; steps where there are several. */
export type SweepPhase = {
  readonly name: string;
  readonly done?: number | undefined;
  readonly total?: number | undefined;
};

export type Tell = (name: string, done?: number, total?: number) => void;
