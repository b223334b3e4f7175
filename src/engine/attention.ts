/** What an event leads to: nothing, a look at the last plan, or a new question to the strategy. */
export const NOTHING = 0;
export const FOLLOW = 1;
export const ASK = 2;
