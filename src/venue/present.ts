/** The present ms at the venue: whether its market is open, and what this ms has left to do. */
export class Present {
  marketOpen = false;
  nowMs = -Infinity;
  /** Steps our orders may still take in this candle. */
  volumeLeft = Infinity;
  /** Some order that arrived in this ms is at its fill level without being marketable. */
  arrivalReached = false;
  /** Orders that arrived while the market was closed. */
  waitingCount = 0;
}
