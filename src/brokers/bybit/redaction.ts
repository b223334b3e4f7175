import type { Credentials } from './credentials.ts';
import type { Secret } from './secret.ts';

export type Redact = (text: string) => string;

/**
 * A venue may echo what it was sent. Whatever comes in passes here before anything else sees it, so
 * that neither key nor secret can reach a journal, a log or an error by that way.
 */
export function redactor(credentials: Credentials | undefined): Redact {
  if (credentials === undefined) return (text) => text;
  return hiding([credentials.secret, credentials.key]);
}

export function hiding(secrets: readonly Secret[]): Redact {
  const hidden = secrets.map((secret) => secret.reveal());
  return (text) => {
    let clean = text;
    for (const word of hidden) if (clean.includes(word)) clean = clean.replaceAll(word, '***');
    return clean;
  };
}

const LONGEST_TEXT = 2_000;

/** Parsed JSON, or the beginning of the text where it is none. */
export function bodyOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text.length <= LONGEST_TEXT ? text : `${text.slice(0, LONGEST_TEXT)}...`;
  }
}
