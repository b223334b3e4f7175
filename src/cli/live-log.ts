import pino from 'pino';
import type { Redact } from '../brokers/bybit/redaction.ts';
import type { LiveLog } from '../live/shell/live-log.ts';
import type { Terminal } from '../live/watch/terminal.ts';

export type OpenedLog = { readonly log: LiveLog; readonly close: () => void };

/** Names under which a secret might travel, whatever holds them. */
const HIDDEN = ['key', 'secret', 'token', 'sign', 'signature', 'apiKey', 'authorization'];

/**
 * Lines for a person on the terminal; the same and more as JSON in an owner-only file. Nothing that
 * `redact` knows reaches either, under whatever name or inside whatever text.
 */
export function openLog(path: string, redact: Redact, terminal: Terminal): OpenedLog {
  const destination = pino.destination({ dest: path, mkdir: true, sync: true, mode: 0o600 });
  const logger = pino(
    {
      base: { pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths: HIDDEN.flatMap((name) => [name, `*.${name}`]), censor: '***' },
      hooks: { streamWrite: redact },
    },
    destination,
  );
  const log: LiveLog = {
    say: (line) => terminal.say(redact(line)),
    info: (fields, text) => logger.info(fields, text),
    warn: (fields, text) => logger.warn(fields, text),
    error: (fields, text) => logger.error(fields, text),
  };
  return { log, close: () => destination.end() };
}
