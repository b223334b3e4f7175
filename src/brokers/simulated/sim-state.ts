import { LEGS } from '../../venue/latency.ts';

/**
 * The simulation's own state beside venue, engine and mailbox. Plain fields, so it can be copied.
 * What will hold times starts as a float: a field that turns from a whole number into one gives the
 * class a second shape, and then every use asks which it is.
 */
export class SimState {
  nowMs = -Infinity;
  started = false;
  /** Next closed indicator candle to become known. */
  closeRow = 0;
  nextCloseMs = Infinity;
  /** Requests on one connection, and frames of one stream, do not overtake each other. */
  lastRequestMs = -Infinity;
  lastExecutionMs = -Infinity;
  lastOrderMs = -Infinity;
  /** Venue time of the newest price the strategy has seen. */
  seenMs = -Infinity;
  bandLow = -Infinity;
  bandHigh = Infinity;
  /** The band is watched: leaving it posts a price. */
  bandArmed = false;
  /** A price message is on its way for this band. */
  pricePending = false;
  /** A price message of an older band is void. */
  bandVersion = 0;
  /** When the mark price reaches the liquidation level it was looked up for; Infinity = never. */
  liquidationMs = Infinity;
  liquidationLevel = NaN;
  liquidationSteps = 0;
  /** When the next close somebody waits for, timer or liquidation is due. */
  dueMs = -Infinity;
  /** Nothing at all happens while the path stays in (floor, ceil) and no event is due. */
  floor = -Infinity;
  ceil = Infinity;
  /** Deliveries in the present ms, against loops. */
  deliveries = 0;
  fillCount = 0;
  auditCount = 0;
  /** Per leg: the ms of its last draw and how many draws it made in that ms. */
  readonly drawMs = new Float64Array(LEGS.length).fill(-1);
  readonly drawCount = new Float64Array(LEGS.length);
}
