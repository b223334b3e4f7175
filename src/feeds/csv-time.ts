/** How a file writes its times; decided from its first row and then held. */
export type TimeUnit = 'seconds' | 'milliseconds' | 'microseconds' | 'iso';

const DATE = String.raw`(\d{4})-(\d\d)-(\d\d)`;
const CLOCK = String.raw`(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?`;
const ZONE = String.raw`(Z|UTC|[+-]\d\d:?\d\d)`;
const ISO = new RegExp(String.raw`^${DATE}(?:[T ]${CLOCK}\s*${ZONE}?)?$`, 'i');

/** From about 1973 on the three ranges do not meet: a size has one meaning. */
const SMALLEST_MS = 1e11;
const SMALLEST_US = 1e14;
const SMALLEST_NS = 1e17;

/** The unit a whole number must be in, or undefined when no unit fits. */
export function unitOfNumber(value: number): TimeUnit | undefined {
  if (!(value >= 0) || value >= SMALLEST_NS) return undefined;
  if (value < SMALLEST_MS) return 'seconds';
  return value < SMALLEST_US ? 'milliseconds' : 'microseconds';
}

/** A number of the unit as epoch ms; NaN when it has become another unit half-way. */
export function numberToMs(value: number, unit: TimeUnit): number {
  if (unitOfNumber(value) !== unit) return NaN;
  if (unit === 'seconds') return value * 1000;
  return unit === 'milliseconds' ? value : value / 1000;
}

/** ISO 8601 as epoch ms, UTC where no zone is written; NaN when it is not a time. */
export function isoToMs(text: string): number {
  const match = ISO.exec(text.trim());
  if (match === null) return NaN;
  const part = (index: number): number => Number(match[index] ?? '0');
  const [year, month, day, hour, minute, second] = [1, 2, 3, 4, 5, 6].map(part) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const utc = Date.UTC(year, month - 1, day, hour, minute, second);
  const back = new Date(utc);
  // Date.UTC rolls 30 February over into March: only an unchanged date was a date.
  const sameDay = back.getUTCMonth() === month - 1 && back.getUTCDate() === day;
  if (!sameDay || hour > 23 || minute > 59 || second > 59) return NaN;
  const fraction = Number(`0.${match[7] ?? '0'}`) * 1000;
  return utc + fraction - zoneMs(match[8]);
}

function zoneMs(zone: string | undefined): number {
  if (zone === undefined || /^(z|utc)$/i.test(zone)) return 0;
  const digits = zone.replace(':', '');
  const minutes = Number(digits.slice(1, 3)) * 60 + Number(digits.slice(3, 5));
  return (zone.startsWith('-') ? -1 : 1) * minutes * 60_000;
}

/** What a person reads for a time: ISO, without the milliseconds nobody needs. */
export function isoTime(ms: number): string {
  if (!(Math.abs(ms) <= 8.64e15)) return String(ms);
  return new Date(ms).toISOString().replace('.000Z', 'Z');
}
