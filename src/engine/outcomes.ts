/**
 * What an answer means: one table. A request ends confirmed, refused (the venue said no, for good),
 * denied (it never left) or unknown; only looking resolves what is unknown.
 */
export type RequestKind = 'create' | 'amend' | 'cancel' | 'read';
export type Outcome = 'confirmed' | 'refused' | 'denied' | 'unknown';

/** What is to be done besides. */
export type Aftermath =
  | 'none'
  /** The venue knows the id: the order is there to be found. */
  | 'exists'
  /** The order is over or not there yet: ask what became of it. */
  | 'gone'
  /** The limit of this account and endpoint. */
  | 'slow-down'
  /** The limit of this address: no call for ten minutes. */
  | 'ban'
  | 'sync-clock'
  /** Nothing that repeating would mend: a person must. */
  | 'configuration';

export type Verdict = { readonly outcome: Outcome; readonly after: Aftermath };

/** How a code is to be taken; letters as in Bybit's own classes of errors. */
type Handling =
  | 'done'
  | 'final'
  | 'later'
  | 'ambiguous'
  | 'exists'
  | 'gone'
  | 'slow-down'
  | 'ban'
  | 'clock'
  | 'configuration';

const HANDLING: ReadonlyMap<number, Handling> = new Map(
  Object.entries({
    done: [0, 110025, 110026, 110027, 110043, 34040],
    ambiguous: [
      10000, 10014, 10016, 10019, 10403, 20003, 20006, 40004, 170001, 170005, 170007, 170032,
      500000,
    ],
    'slow-down': [429, 10006, 10429],
    ban: [10018],
    clock: [10002],
    exists: [110072],
    gone: [110001, 110008, 110010],
    later: [110063, 110066, 110074, 110079],
    configuration: [
      10003, 10004, 10005, 10010, 10017, 10024, 10027, 10028, 10029, 10404, 110024, 110028, 110101,
    ],
    final: [
      10001, 110003, 110004, 110006, 110007, 110009, 110012, 110017, 110020, 110021, 110022, 110023,
      110040, 110042, 110044, 110045, 110046, 110064, 110086, 110090, 110092, 110093, 110094,
      110120, 110121,
    ],
  } satisfies Record<Exclude<Handling, never>, readonly number[]>).flatMap(([handling, codes]) =>
    codes.map((code): [number, Handling] => [code, handling as Handling]),
  ),
);

const UNKNOWN: Verdict = { outcome: 'unknown', after: 'none' };
const REFUSED: Verdict = { outcome: 'refused', after: 'none' };

/** A well-formed answer over HTTP 200. A code that nobody has described leaves a write unknown. */
export function verdictOfCode(request: RequestKind, retCode: number): Verdict {
  const handling = HANDLING.get(retCode) ?? 'ambiguous';
  switch (handling) {
    case 'done':
      return { outcome: 'confirmed', after: 'none' };
    case 'final':
    case 'later':
      return REFUSED;
    case 'clock':
      return { outcome: 'refused', after: 'sync-clock' };
    case 'configuration':
      return { outcome: 'refused', after: 'configuration' };
    case 'ban':
      return { outcome: 'unknown', after: 'ban' };
    case 'slow-down':
      return { outcome: 'unknown', after: 'slow-down' };
    case 'exists':
      return request === 'create' ? { outcome: 'unknown', after: 'exists' } : UNKNOWN;
    case 'gone':
      return request === 'create' ? UNKNOWN : { outcome: 'refused', after: 'gone' };
    case 'ambiguous':
      return UNKNOWN;
  }
}

const HTTP_OK = 200;

/** An answer that is not HTTP 200, or whose body is not an answer. */
export function verdictOfStatus(status: number): Verdict {
  switch (status) {
    case 403:
      return { outcome: 'unknown', after: 'ban' };
    case 429:
      return { outcome: 'unknown', after: 'slow-down' };
    case 401:
    case 404:
      return { outcome: 'unknown', after: 'configuration' };
    case HTTP_OK:
    default:
      return UNKNOWN;
  }
}

/** No answer at all: only a refused connection proves that nothing was sent. */
export function verdictOfFailure(why: 'timeout' | 'reset' | 'refused'): Verdict {
  return why === 'refused' ? { outcome: 'denied', after: 'none' } : UNKNOWN;
}
