/** What the engine calls a person for: codes of the alarm command. */
export const ALARM_UNKNOWN_FOR_LONG = 0;
export const ALARM_ORPHAN = 1;
export const ALARM_UNOWNED = 2;
export const ALARM_LATE_FILL = 3;
/** The venue made no exit for an entry that filled: the engine sends its own. */
export const ALARM_UNPROTECTED = 4;
/** The venue itself took or gave lots: liquidation, auto-deleveraging, settlement. */
export const ALARM_FORCED = 5;
