import { request } from 'node:http';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Secret } from '../../src/brokers/bybit/secret.ts';
import { pageToken } from '../../src/live/page/page-token.ts';
import { PageServer } from '../../src/live/page/page-server.ts';
import { MeterBook } from '../../src/live/watch/meter-book.ts';
import { metricsText } from '../../src/live/watch/metrics-text.ts';
import { findChromium, startBrowser } from '../report/browser.ts';
import { exampleStatus } from './support/example-status.ts';

const TOKEN = 'token-of-the-page-0123456789';
const meters = new MeterBook();
let halts = 0;
let page: PageServer;

beforeAll(async () => {
  const halt = (): void => void (halts += 1);
  page = await PageServer.open({ port: 0, token: new Secret(TOKEN), meters, halt });
  page.looked(exampleStatus());
});
afterAll(() => page.close());

type Answer = { code: number; headers: Record<string, unknown>; body: string };

function ask(path: string, headers = {}, method = 'GET', body = ''): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { port } = new URL(page.url);
    const sent = request({ host: '127.0.0.1', port, path, method, headers }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () => {
        const { statusCode: code = 0, headers: heard } = response;
        resolve({ code, headers: heard, body: Buffer.concat(parts).toString() });
      });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

const bearer = { authorization: `Bearer ${TOKEN}` };
const origin = (): { origin: string } => ({ origin: page.url.slice(0, -1) });
const codeOf = async (...args: Parameters<typeof ask>): Promise<number> =>
  (await ask(...args)).code;

describe('the status page', () => {
  it('shows nothing without the token', async () => {
    for (const path of ['/', '/status.json', '/metrics', '/nowhere']) {
      const { code, body } = await ask(path);
      expect([path, code]).toEqual([path, 401]);
      expect(body).not.toContain('BTCUSDT');
    }
    expect(await codeOf('/metrics', { authorization: 'Bearer wrong' })).toBe(401);
    expect(await codeOf('/metrics', { cookie: 'lockstep_1=x' })).toBe(401);
    expect(await codeOf('/metrics', bearer)).toBe(200);
  });

  it('answers only to its own name', async () => {
    for (const host of ['evil.example', 'evil.example:80', '127.0.0.1', '127.0.0.1:1'])
      expect(await codeOf('/status.json', { ...bearer, host })).toBe(421);
  });

  it('tells a supervisor without a token only whether it is well', async () => {
    expect(await ask('/health')).toMatchObject({ code: 200, body: 'well\n' });
  });

  it('sends every answer with a policy under which nothing foreign or inline runs', async () => {
    for (const path of ['/', '/page.css', '/status.json', '/nowhere']) {
      const { headers } = await ask(path, bearer);
      const policy = String(headers['content-security-policy']);
      expect(policy).toContain("default-src 'none'");
      expect(policy).not.toMatch(/unsafe|script-src|\*/);
      expect(headers['x-frame-options']).toBe('DENY');
      expect(headers['cache-control']).toBe('no-store');
    }
    const { body } = await ask('/', bearer);
    expect(body).not.toMatch(/<script|style=|\son\w+=/i);
  });

  it('escapes what the venue or a file has said', async () => {
    const { body } = await ask('/', bearer);
    expect(body).toContain('an unknown status &lt;b&gt;X&lt;/b&gt;');
    expect(body).not.toContain('<b>');
  });

  it('halts only with token and origin', async () => {
    const form = /name="form" value="([^"]+)"/.exec((await ask('/', bearer)).body)?.[1] ?? '';
    const halt = (headers: object, body = ''): Promise<number> =>
      codeOf('/halt', headers, 'POST', body);
    expect(await codeOf('/halt', bearer)).toBe(404);
    expect(await halt(bearer)).toBe(403);
    expect(await halt({ ...bearer, origin: 'http://evil.example' })).toBe(403);
    expect(await halt({ ...bearer, origin: 'null' })).toBe(403);
    expect(await halt(origin())).toBe(403);
    // The form's token alone, without the browser that logged in.
    expect(await halt(origin(), `form=${form}`)).toBe(403);
    expect(halts).toBe(0);
    expect(await halt({ ...bearer, ...origin() })).toBe(303);
    expect(halts).toBe(1);
  });

  it('has no other way to change anything', async () => {
    for (const path of ['/resume', '/flatten', '/', '/status.json'])
      expect(await codeOf(path, { ...bearer, ...origin() }, 'POST')).toBe(404);
    for (const method of ['PUT', 'DELETE', 'OPTIONS', 'PATCH'])
      expect(await codeOf('/halt', { ...bearer, ...origin() }, method)).toBe(405);
  });

  it('takes no body larger than a form', async () => {
    const answer = await ask('/login', origin(), 'POST', 'x'.repeat(100_000)).catch(() => 'cut');
    expect(answer).not.toMatchObject({ code: 200 });
    expect(await codeOf('/health')).toBe(200);
  });

  it('refuses a port that is taken with one line', async () => {
    const port = Number(new URL(page.url).port);
    const second = PageServer.open({ port, token: new Secret(TOKEN), meters, halt: () => {} });
    await expect(second).rejects.toThrow(`--page-port ${port}: cannot listen there: EADDRINUSE`);
  });
});

const chromium = findChromium();
describe.skipIf(chromium === undefined)('in a browser', () => {
  it('logs in, shows how it stands, and halts with its one button', async () => {
    const browser = await startBrowser(chromium ?? '');
    try {
      const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
      const tab = await context.newPage();
      const problems: string[] = [];
      tab.on('console', (said) => problems.push(said.text()));
      tab.on('pageerror', (error) => problems.push(String(error)));
      await tab.goto(page.url);
      await tab.fill('#token', 'wrong');
      await tab.click('button');
      expect(await tab.textContent('[role=alert]')).toBe('That is not the token.');
      await tab.fill('#token', TOKEN);
      await tab.click('button');
      expect(await tab.textContent('.state')).toBe('TRADING');
      expect(await tab.locator('button').count()).toBe(1);
      expect(await tab.textContent('main')).toContain('long 0.010 from 49000');
      expect(await context.cookies()).toMatchObject([{ httpOnly: true, sameSite: 'Strict' }]);
      expect(await tab.evaluate('getComputedStyle(document.querySelector("main")).display')).toBe(
        'grid',
      );
      const before = halts;
      await tab.click('button.halt');
      expect(halts).toBe(before + 1);
      page.looked(exampleStatus({ state: 'HALTED', entriesStopped: ['halted'] }));
      await tab.reload();
      expect(await tab.textContent('.state')).toBe('HALTED');
      expect(await tab.locator('button').count()).toBe(0);
      // The browser itself says that the first two answers were refusals.
      expect(problems.filter((each) => !each.includes('401'))).toEqual([]);
      const shot = process.env['LOCKSTEP_SCREENSHOT'];
      if (shot !== undefined) {
        page.looked(exampleStatus());
        await tab.reload();
        await tab.screenshot({ path: shot, fullPage: true });
      }
    } finally {
      await browser.close();
    }
  }, 30_000);
});

describe('the token', () => {
  const dir = mkdtempSync(join(tmpdir(), 'lockstep-page-'));
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  it('is made once, for the owner only, and never printed by accident', async () => {
    const first = await pageToken(dir);
    const path = join(dir, 'page-token');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect((await pageToken(dir)).reveal()).toBe(first.reveal());
    expect(readFileSync(path, 'utf8').trim()).toBe(first.reveal());
    expect(`${first} ${JSON.stringify({ first })}`).not.toContain(first.reveal());
    writeFileSync(path, 'short');
    await expect(pageToken(dir)).rejects.toThrow(/holds no token/);
  });
});

describe('the metrics', () => {
  it('count calls by outcome, alarms by code, frames and closes', () => {
    const book = new MeterBook();
    const call = { t: 'call', call: 1, method: 'POST', params: {}, timeoutMs: 1 } as const;
    book.acted({ t: 'timer', atMs: 1 }, [
      { ...call, path: '/v5/order/create' },
      { ...call, call: 2, path: '/v5/order/create' },
      { ...call, call: 3, path: '/v5/order/cancel' },
      { t: 'alarm', code: 'banned', text: 'x' },
    ]);
    book.acted({ t: 'reply', atMs: 2, call: 1, status: 200, body: { retCode: 0 } }, []);
    book.acted({ t: 'reply', atMs: 2, call: 2, status: 200, body: { retCode: 110_007 } }, []);
    book.acted({ t: 'failed', atMs: 2, call: 3, why: 'timeout' }, []);
    book.acted({ t: 'close', atMs: 3, socket: 'private' }, []);
    const text = metricsText(exampleStatus(), book, 1_000);
    for (const line of [
      'lockstep_calls_total{path="/v5/order/create",outcome="accepted"} 1',
      'lockstep_calls_total{path="/v5/order/create",outcome="refused"} 1',
      'lockstep_calls_total{path="/v5/order/cancel",outcome="timeout"} 1',
      'lockstep_alarms_total{code="banned"} 1',
      'lockstep_closes_total{socket="private"} 1',
      'lockstep_position_steps 10',
      'lockstep_state{state="TRADING"} 1',
      'lockstep_stream_up{socket="public"} 1',
    ])
      expect(text.split('\n')).toContain(line);
  });

  it('are lines that Prometheus reads, whatever a name holds', () => {
    const status = exampleStatus({ strategy: 'a"b\\c\nd', price: null, version: 'é' });
    const lines = metricsText(status, new MeterBook(), 1).trimEnd().split('\n');
    const sample = /^[a-z_]+(\{([a-z]+="([^"\\\n]|\\["\\n])*",?)*\})? -?[\d.e+-]+$/;
    for (const line of lines) if (!line.startsWith('# ')) expect(line).toMatch(sample);
    expect(lines.some((line) => line.startsWith('lockstep_price '))).toBe(false);
    const names = lines
      .filter((line) => line.startsWith('# TYPE'))
      .map((line) => line.split(' ')[2]);
    expect(new Set(names).size).toBe(names.length);
  });
});
