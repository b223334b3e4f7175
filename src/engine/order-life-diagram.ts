import { LIFE_EVENTS, ORDER_LIFE, ORDER_STATES } from './order-life.ts';

/** The order's life as a Mermaid diagram: one arrow a pair of states, with what leads along it. */
export function lifeDiagram(): string {
  const lines = ['stateDiagram-v2', '    [*] --> none'];
  for (const from of ORDER_STATES) {
    for (const to of ORDER_STATES) {
      if (from === to) continue;
      const events = LIFE_EVENTS.map(([event]) => event).filter(
        (event) => ORDER_LIFE[from][event] === to,
      );
      if (events.length > 0) lines.push(`    ${from} --> ${to}: ${events.join(', ')}`);
    }
  }
  return lines.join('\n');
}
