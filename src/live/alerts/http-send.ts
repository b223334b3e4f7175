/** What came of one attempt. Never an error's own text: it holds the address. */
export type Sent =
  | { readonly t: 'delivered' }
  | { readonly t: 'again'; readonly why: string; readonly afterMs: number }
  | { readonly t: 'refused'; readonly why: string };

export type HttpMessage = {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly body?: object;
  readonly bearer?: string;
};

const WITHIN_MS = 10_000;
const LONGEST_WAIT_MS = 600_000;

export async function sendHttp(message: HttpMessage, stop: AbortSignal): Promise<Sent> {
  const { url, method, body, bearer } = message;
  try {
    const response = await fetch(url, {
      method,
      redirect: 'manual',
      signal: AbortSignal.any([stop, AbortSignal.timeout(WITHIN_MS)]),
      headers: {
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(bearer !== undefined && { authorization: `Bearer ${bearer}` }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const waitMs = await retryAfterMs(response);
    const why = `HTTP ${response.status}`;
    if (response.ok) return { t: 'delivered' };
    if (response.status === 429 || response.status === 408 || response.status >= 500)
      return { t: 'again', why, afterMs: waitMs };
    return { t: 'refused', why };
  } catch (error) {
    return { t: 'again', why: failureWord(error), afterMs: 0 };
  }
}

/** By the header, or as Telegram says it. The body is read in any case: the socket is then free. */
async function retryAfterMs(response: Response): Promise<number> {
  const text = (await response.text()).slice(0, 10_000);
  const header = Number(response.headers.get('retry-after') ?? NaN);
  const said = /"retry_after"\s*:\s*(\d+)/.exec(text);
  const seconds = Number.isNaN(header) ? Number(said?.[1] ?? 0) : header;
  return Math.min(Math.max(0, seconds * 1_000), LONGEST_WAIT_MS);
}

function failureWord(error: unknown): string {
  if (!(error instanceof Error)) return 'failed';
  if (error.name === 'TimeoutError') return 'timeout';
  if (error.name === 'AbortError') return 'stopped';
  const { cause } = error;
  const code: unknown =
    typeof cause === 'object' && cause !== null ? Reflect.get(cause, 'code') : '';
  return typeof code === 'string' && /^[A-Z_]+$/.test(code) ? code : 'not reached';
}
