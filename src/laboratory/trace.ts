const KEPT = 80;

type Line = { readonly atMs: number; readonly what: string; readonly detail: unknown };

/** The last things that happened, for whoever has to read a failure; all of them when asked. */
export class Trace {
  readonly #lines: Line[] = [];
  readonly #keepsAll: boolean;
  readonly #startMs: number;

  constructor(keepsAll: boolean, startMs: number) {
    this.#keepsAll = keepsAll;
    this.#startMs = startMs;
  }

  /** `detail` is written down only when somebody reads it. */
  note(atMs: number, what: string, detail?: unknown): void {
    this.#lines.push({ atMs, what, detail });
    if (!this.#keepsAll && this.#lines.length >= 4 * KEPT) this.#lines.splice(0, 3 * KEPT);
  }

  lines(): readonly string[] {
    const shown = this.#keepsAll ? this.#lines : this.#lines.slice(-KEPT);
    return shown.map(({ atMs, what, detail }) => {
      const seconds = ((atMs - this.#startMs) / 1000).toFixed(3).padStart(10);
      return `${seconds}  ${what}${detail === undefined ? '' : ` ${shortText(detail)}`}`;
    });
  }
}

function shortText(detail: unknown): string {
  const text = typeof detail === 'string' ? detail : JSON.stringify(detail);
  return text.length > 400 ? `${text.slice(0, 397)}...` : text;
}
