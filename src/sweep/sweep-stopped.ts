/** A sweep that was asked to stop; what it finished is on disk. */
export class SweepStopped extends Error {
  override readonly name = 'SweepStopped';
}
