import { chmod, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadCredentials } from '../../src/brokers/bybit/credentials.ts';
import { endpointsOf } from '../../src/brokers/bybit/environments.ts';
import type { EndpointOverrides } from '../../src/brokers/bybit/environments.ts';
import { KEY, SECRET } from './support/transport-probe.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'lockstep-key-'));
});
afterEach(() => rm(dir, { recursive: true }));

async function keyFile(
  mode: number,
  text = JSON.stringify({ key: KEY, secret: SECRET }),
): Promise<string> {
  const path = join(dir, 'key.json');
  await writeFile(path, text);
  await chmod(path, mode);
  return path;
}

describe('credentials', () => {
  it('come from the environment, or from a file that only its owner can read', async () => {
    const fromVariables = await loadCredentials({ BYBIT_API_KEY: KEY, BYBIT_API_SECRET: SECRET });
    const fromFile = await loadCredentials({}, await keyFile(0o600));
    for (const { key, secret } of [fromVariables, fromFile])
      expect([key.reveal(), secret.reveal()]).toEqual([KEY, SECRET]);
    expect(JSON.stringify([fromVariables, fromFile])).not.toContain('CANARY');
  });

  it.each([0o640, 0o604, 0o620, 0o602, 0o610, 0o601, 0o644, 0o777])(
    'in a file of mode %o are refused with how to mend it',
    async (mode) => {
      const path = await keyFile(mode);
      const shown = mode.toString(8).padStart(4, '0');
      await expect(loadCredentials({}, path)).rejects.toThrow(
        `the key file ${path} can be read or written by others (mode ${shown}): chmod 600 ${path}`,
      );
    },
  );

  it('are refused in one line, without a word of what was read', async () => {
    const link = join(dir, 'link.json');
    await symlink(await keyFile(0o600), link);
    const attempts: readonly (readonly [Record<string, string>, string?])[] = [
      [{}],
      [{ BYBIT_API_KEY: KEY }],
      [{ BYBIT_API_KEY: KEY, BYBIT_API_SECRET: '' }],
      [{ BYBIT_API_KEY: KEY, BYBIT_API_SECRET: `${SECRET}\nHost: evil` }],
      [{ BYBIT_API_KEY: `${KEY} ${KEY}`, BYBIT_API_SECRET: SECRET }],
      [{}, join(dir, 'none.json')],
      [{}, link],
      [{}, dir],
      [{}, '/dev/null'],
    ];
    for (const [variables, path] of attempts) await expectOneLine(variables, path);
    for (const text of [`{"key":"${KEY}"`, `${KEY} ${SECRET}`, `["${SECRET}"]`, '{}', ''])
      await expectOneLine({}, await keyFile(0o600, text));
    await expectOneLine({}, await keyFile(0o600, SECRET.repeat(1_000)));
  });
});

async function expectOneLine(variables: Record<string, string>, path?: string): Promise<void> {
  const error: unknown = await loadCredentials(variables, path).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ name: 'InputError' });
  const text = error instanceof Error ? error.message : '';
  expect(text).not.toContain('\n');
  expect(text).not.toContain('CANARY');
}

describe('an environment', () => {
  it.each([
    [
      'testnet',
      'linear',
      'https://api-testnet.bybit.com',
      'wss://stream-testnet.bybit.com/v5/private',
      'wss://stream-testnet.bybit.com/v5/public/linear',
      'wss://stream-testnet.bybit.com/v5/trade',
    ],
    [
      'demo',
      'inverse',
      'https://api-demo.bybit.com',
      'wss://stream-demo.bybit.com/v5/private',
      'wss://stream.bybit.com/v5/public/inverse',
      undefined,
    ],
    [
      'mainnet',
      'inverse',
      'https://api.bybit.com',
      'wss://stream.bybit.com/v5/private',
      'wss://stream.bybit.com/v5/public/inverse',
      'wss://stream.bybit.com/v5/trade',
    ],
  ] as const)(
    '%s is where it is',
    (environment, category, rest, privateStream, publicStream, tradeStream) => {
      expect(endpointsOf(environment, category)).toEqual({
        environment,
        rest,
        privateStream,
        publicStream,
        tradeStream,
      });
    },
  );

  it('may have a regional host, and demo keeps mainnet’s prices', () => {
    const overrides = { baseUrl: 'https://api.bytick.com', wsUrl: 'wss://stream.bytick.com/' };
    expect(endpointsOf('mainnet', 'linear', overrides)).toMatchObject({
      rest: 'https://api.bytick.com',
      publicStream: 'wss://stream.bytick.com/v5/public/linear',
    });
    expect(endpointsOf('demo', 'linear', overrides).publicStream).toBe(
      'wss://stream.bybit.com/v5/public/linear',
    );
  });

  it.each(['127.0.0.1:8080', '127.8.9.10', 'localhost:1', '[::1]:99'])(
    'emulator on %s is on this machine',
    (host) => {
      const overrides = { baseUrl: `http://${host}`, wsUrl: `ws://${host}` };
      expect(endpointsOf('emulator', 'linear', overrides).rest).toBe(`http://${host}`);
    },
  );

  it.each<readonly [string, 'emulator' | 'mainnet', EndpointOverrides]>([
    ['no address', 'emulator', {}],
    ['half an address', 'emulator', { baseUrl: 'http://127.0.0.1' }],
    ['another machine', 'emulator', { baseUrl: 'http://10.0.0.1', wsUrl: 'ws://127.0.0.1' }],
    [
      'a name like loopback',
      'emulator',
      { baseUrl: 'http://127.0.0.1.evil.example', wsUrl: 'ws://127.0.0.1' },
    ],
    [
      'another machine’s socket',
      'emulator',
      { baseUrl: 'http://127.0.0.1', wsUrl: 'ws://10.0.0.1' },
    ],
    ['no encryption', 'mainnet', { baseUrl: 'http://api.bybit.com' }],
    ['no encryption of streams', 'mainnet', { wsUrl: 'ws://stream.bybit.com' }],
    ['a user in the address', 'mainnet', { baseUrl: 'https://api.bybit.com@evil.example' }],
    ['a path', 'mainnet', { baseUrl: 'https://evil.example/api.bybit.com' }],
    ['a query', 'mainnet', { baseUrl: 'https://evil.example?api.bybit.com' }],
    ['a file', 'mainnet', { baseUrl: 'file:///etc/passwd' }],
    ['nonsense', 'mainnet', { baseUrl: 'nonsense' }],
  ])('with %s is refused in one line', (_, environment, overrides) => {
    expect(() => endpointsOf(environment, 'linear', overrides)).toThrow(/^--[^\n]+$/);
  });

  it('emulator on another machine has to be asked for', () => {
    const overrides = {
      baseUrl: 'http://10.0.0.1',
      wsUrl: 'ws://10.0.0.1',
      allowRemoteEmulator: true,
    };
    expect(endpointsOf('emulator', 'linear', overrides).rest).toBe('http://10.0.0.1');
  });
});
