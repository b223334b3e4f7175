/** What travels through the mailbox; the payload's layout is where it is posted and read. */
export const MESSAGE_PLACE = 0;
export const MESSAGE_AMEND = 1;
export const MESSAGE_CANCEL = 2;
export const MESSAGE_ANSWER = 3;
export const MESSAGE_EXECUTION = 4;
export const MESSAGE_ORDER_ENDED = 5;
export const MESSAGE_TRIGGERED = 6;
export const MESSAGE_PRICE = 7;
export const MESSAGE_ATTACHED = 8;
