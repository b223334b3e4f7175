/** What the process says of itself: lines for a person, and the same as data for machines. */
export interface LiveLog {
  /** For the terminal. */
  say(line: string): void;
  info(fields: Readonly<Record<string, unknown>>, text: string): void;
  warn(fields: Readonly<Record<string, unknown>>, text: string): void;
  error(fields: Readonly<Record<string, unknown>>, text: string): void;
}
