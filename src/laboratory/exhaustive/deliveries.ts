/** One message of the venue on its way to the process; a second copy comes after all others. */
export type Delivery = { readonly message: number; readonly twice: boolean };

/** When the process dies; `torn`: what it had not synced is gone with it. */
export type Death = 'none' | 'before-sync' | 'before-send' | 'kept' | 'torn';

export type LifeCase = {
  /** In the order in which they come; a message that is not among them is lost. */
  readonly deliveries: readonly Delivery[];
  /** After the last delivery, but where it says otherwise. */
  readonly death: Death;
};

/**
 * Every case of a life of `messages` messages: each order of those that come, each of them once or
 * twice, every other one lost, and a process that lives on, or dies after any of them. What a dead
 * process would have heard later is lost too, so that a death after a part of an order is a death
 * after a shorter order.
 */
export function* lifeCases(messages: number): Generator<LifeCase> {
  yield { deliveries: [], death: 'before-sync' };
  yield { deliveries: [], death: 'before-send' };
  for (const deliveries of arrangements(messages, [])) {
    for (const death of ['none', 'kept', 'torn'] as const) yield { deliveries, death };
  }
}

function* arrangements(
  messages: number,
  before: readonly Delivery[],
): Generator<readonly Delivery[]> {
  yield before;
  for (let message = 0; message < messages; message += 1) {
    if (before.some((each) => each.message === message)) continue;
    for (const twice of [false, true]) {
      yield* arrangements(messages, [...before, { message, twice }]);
    }
  }
}

/** How many cases `lifeCases` gives: three deaths for each arrangement, and two before any. */
export function caseCount(messages: number): number {
  let arranged = 0;
  let orders = 1;
  for (let heard = 0; heard <= messages; heard += 1) {
    arranged += orders;
    orders *= 2 * (messages - heard);
  }
  return 3 * arranged + 2;
}

/** `2 0* 1, then kept`: the messages in their order, those that come twice with a star. */
export function caseText({ deliveries, death }: LifeCase): string {
  const heard = deliveries.map(({ message, twice }) => `${message}${twice ? '*' : ''}`).join(' ');
  return `${heard === '' ? 'nothing' : heard}${death === 'none' ? '' : `, death ${death}`}`;
}
