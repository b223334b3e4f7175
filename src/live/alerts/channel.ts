import { isoTime } from '../../feeds/csv-time.ts';
import type { Alert } from './alert.ts';
import type { AlertSettings } from './alert-file.ts';
import type { HttpMessage } from './http-send.ts';

/** Whose bot speaks; several may speak to one place. */
export type Speaker = {
  readonly symbol: string;
  readonly environment: string;
  readonly deployment: string;
};

export type Channel = {
  readonly name: 'webhook' | 'telegram';
  readonly message: (alert: Alert) => HttpMessage;
};

/** Telegram takes no more in one message. */
const LONGEST_TEXT = 4_000;

export function channelsOf({ webhook, telegram }: AlertSettings, speaker: Speaker): Channel[] {
  const channels: Channel[] = [];
  if (webhook !== undefined) {
    const url = webhook.url.reveal();
    const bearer = webhook.token?.reveal();
    channels.push({
      name: 'webhook',
      message: (alert) => ({
        url,
        method: 'POST',
        ...(bearer !== undefined && { bearer }),
        // `text` alone is what most chat services show.
        body: { ...speaker, ...alert, time: isoTime(alert.atMs), text: alertText(alert, speaker) },
      }),
    });
  }
  if (telegram !== undefined) {
    const { apiUrl, token, chatId } = telegram;
    const url = `${apiUrl.replace(/\/$/, '')}/bot${token.reveal()}/sendMessage`;
    channels.push({
      name: 'telegram',
      message: (alert) => ({
        url,
        method: 'POST',
        // Plain text: nothing of it is read as markup.
        body: { chat_id: chatId, text: alertText(alert, speaker), link_preview_options: OFF },
      }),
    });
  }
  return channels;
}

const OFF = { is_disabled: true };

function alertText({ code, atMs, text }: Alert, speaker: Speaker): string {
  const { symbol, environment, deployment } = speaker;
  const line = `${code}: ${text}\n${symbol} on ${environment}, ${deployment}, ${isoTime(atMs)}`;
  return line.slice(0, LONGEST_TEXT);
}
