/** `000001.journal`, and `000001.journal.gz` once it is closed and packed. */
export type SegmentName = {
  readonly number: number;
  readonly file: string;
  readonly packed: boolean;
};

const NAME = /^(\d{6,})\.journal(\.gz)?$/;

export function segmentFile(number: number): string {
  return `${String(number).padStart(6, '0')}.journal`;
}

/** In their order. Where a crash has left a file both plain and packed, the plain one counts. */
export function segmentsAmong(files: readonly string[]): SegmentName[] {
  const byNumber = new Map<number, SegmentName>();
  for (const file of files) {
    const match = NAME.exec(file);
    if (match === null) continue;
    const number = Number(match[1]);
    const packed = match[2] !== undefined;
    if (packed && byNumber.has(number)) continue;
    byNumber.set(number, { number, file, packed });
  }
  return [...byNumber.values()].sort((a, b) => a.number - b.number);
}
