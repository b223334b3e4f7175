/** What no candle can be; undefined where it is one. */
export function candleProblem(
  openTicks: number,
  highTicks: number,
  lowTicks: number,
  closeTicks: number,
): string | undefined {
  const inside = lowTicks <= Math.min(openTicks, closeTicks);
  const around = highTicks >= Math.max(openTicks, closeTicks);
  return inside && around ? undefined : 'high and low around open and close';
}
