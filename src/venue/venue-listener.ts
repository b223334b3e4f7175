/** What the venue tells its surfaces, at venue time. */
export type VenueListener = {
  onExecution(
    orderId: number,
    timeMs: number,
    side: number,
    priceTicks: number,
    qtySteps: number,
    maker: boolean,
    fee: number,
    funding: number,
  ): void;
  onOrderEnded(orderId: number, timeMs: number, end: number, filledSteps: number): void;
  onStopTriggered(orderId: number, timeMs: number): void;
  onLiquidated(
    timeMs: number,
    side: number,
    priceTicks: number,
    qtySteps: number,
    fee: number,
    funding: number,
  ): void;
  /** A take-profit or stop that came with `parentId` is now an order of its own. */
  onAttached?(
    orderId: number,
    parentId: number,
    timeMs: number,
    triggerTicks: number,
    qtySteps: number,
  ): void;
  /** The venue itself gave an order another quantity. */
  onResized?(orderId: number, timeMs: number): void;
};
