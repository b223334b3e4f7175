/** What happens to one order at the venue, and which messages say so, in the venue's order. */
export type OrderLife = {
  readonly name: string;
  readonly postOnly: boolean;
  readonly qtySteps: number;
  /** Price at which the order arrives, less its own, in ticks. */
  readonly arrivesAtTicks: number;
  /** Steps that trade against it, one price move after the other. */
  readonly fills: readonly number[];
  readonly messages: readonly string[];
};

export const ORDER_LIVES: readonly OrderLife[] = [
  {
    name: 'rests',
    postOnly: false,
    qtySteps: 2,
    arrivesAtTicks: 1_000,
    fills: [],
    messages: ['reply', 'order New'],
  },
  {
    name: 'cancelled by the venue',
    postOnly: true,
    qtySteps: 2,
    arrivesAtTicks: -50,
    fills: [],
    messages: ['reply', 'order Cancelled'],
  },
  {
    name: 'filled at once',
    postOnly: false,
    qtySteps: 2,
    arrivesAtTicks: 1_000,
    fills: [2],
    messages: ['reply', 'order New', 'execution', 'order Filled'],
  },
  {
    name: 'filled in part',
    postOnly: false,
    qtySteps: 2,
    arrivesAtTicks: 1_000,
    fills: [1],
    messages: ['reply', 'order New', 'execution', 'order PartiallyFilled'],
  },
  {
    name: 'filled in two parts',
    postOnly: false,
    qtySteps: 2,
    arrivesAtTicks: 1_000,
    fills: [1, 1],
    messages: [
      'reply',
      'order New',
      'execution',
      'order PartiallyFilled',
      'execution',
      'order Filled',
    ],
  },
];
