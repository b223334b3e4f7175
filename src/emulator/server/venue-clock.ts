/** Who says when venue time passes: the wall clock, or the client. */
export type VenueClock = {
  readonly mode: 'real' | 'virtual';
  readonly isPaused: boolean;
  /** Venue ms a wall ms; NaN where the client moves time. */
  readonly speed: number;
  setSpeed(speed: number): void;
  pause(isPaused: boolean): void;
  /** Brings venue time to the present. */
  catchUp(): void;
  /** Something has arrived at the venue. */
  arrived(): void;
  close(): void;
};
