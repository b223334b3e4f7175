/** A process of the fuzz command: judges the cases it is told to, a batch at a time. */
import { judge } from './batch.ts';

export type BatchOrder = { readonly first: number; readonly count: number };

process.on('message', (order: BatchOrder) => {
  const results = Array.from({ length: order.count }, (_, i) => judge(order.first + i));
  process.send?.(results);
});
