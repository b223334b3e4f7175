/** Small sums over measured passes. */
import { readFileSync } from 'node:fs';

/** Runs it; processor time in us, of all threads, so that other programs disturb little. */
export function processorUs(run) {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

export const best = (values) => Math.min(...values);

export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** The process's peak. Linux knows this program's own; elsewhere a parent's may be counted. */
export function peakMb() {
  try {
    const [, kb] = /VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'));
    return Number(kb) / 1_024;
  } catch {
    return process.resourceUsage().maxRSS / 1_024;
  }
}
