import { createHash } from 'node:crypto';
import { BROWSER_SCRIPTS } from './browser/scripts.ts';
import { Html, html, jsonForScript } from './html.ts';
import { STYLE } from './styles.ts';
import { chartLibraries } from './vendor.ts';

export type Page = {
  readonly title: string;
  readonly body: Html;
  /** What the page's script draws from; it is data to the browser, never code. */
  readonly data: unknown;
};

/**
 * One self-contained document. Its policy allows no request at all and runs only the scripts
 * named by their hash, so text that slipped through escaping could still not execute.
 */
export function renderPage(page: Page): string {
  const scripts = [...chartLibraries(), BROWSER_SCRIPTS];
  const document = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policy(scripts)}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="referrer" content="no-referrer" />
        <link rel="icon" href="data:," />
        <title>${page.title}</title>
        <style>
          ${new Html(STYLE)}
        </style>
      </head>
      <body>
        <main>${page.body}</main>
        <noscript
          ><p class="foot">The charts of this page need JavaScript; its tables do not.</p></noscript
        >
        <script type="application/json" id="report-data">
          ${new Html(jsonForScript(page.data))}
        </script>
        ${scripts.map((script) => new Html(`<script>${inline(script)}</script>\n`))}
      </body>
    </html> `;
  return document.text;
}

function policy(scripts: readonly string[]): string {
  const hashes = scripts.map(
    (script) => `'sha256-${createHash('sha256').update(script, 'utf8').digest('base64')}'`,
  );
  return [
    "default-src 'none'",
    `script-src ${hashes.join(' ')}`,
    "style-src 'unsafe-inline'",
    'img-src data:',
    "connect-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

function inline(script: string): string {
  if (/<\/script|<!--/i.test(script))
    throw new Error('a script of the report would end its element');
  return script;
}
