import { InputError } from '../../engine/invariant.ts';

export const ENVIRONMENTS = ['testnet', 'demo', 'mainnet', 'emulator'] as const;
export type Environment = (typeof ENVIRONMENTS)[number];

export type Endpoints = {
  readonly environment: Environment;
  readonly rest: string;
  readonly privateStream: string;
  readonly publicStream: string;
  /** Undefined where orders go over REST alone. */
  readonly tradeStream: string | undefined;
};

export type EndpointOverrides = {
  readonly baseUrl?: string | undefined;
  readonly wsUrl?: string | undefined;
  /** An emulator on another machine sees the orders of whoever is fooled into using it. */
  readonly allowRemoteEmulator?: boolean | undefined;
};

type Hosts = { readonly rest: string; readonly stream: string; readonly publicStream: string };

const HOSTS: Readonly<Record<Exclude<Environment, 'emulator'>, Hosts>> = {
  testnet: {
    rest: 'https://api-testnet.bybit.com',
    stream: 'wss://stream-testnet.bybit.com',
    publicStream: 'wss://stream-testnet.bybit.com',
  },
  // Demo trades on mainnet's prices.
  demo: {
    rest: 'https://api-demo.bybit.com',
    stream: 'wss://stream-demo.bybit.com',
    publicStream: 'wss://stream.bybit.com',
  },
  mainnet: {
    rest: 'https://api.bybit.com',
    stream: 'wss://stream.bybit.com',
    publicStream: 'wss://stream.bybit.com',
  },
};

/** Where an environment is reached. Overrides serve regional hosts and the emulator. */
export function endpointsOf(
  environment: Environment,
  category: 'linear' | 'inverse',
  overrides: EndpointOverrides = {},
): Endpoints {
  const { rest, stream, publicStream } = hostsOf(environment, overrides);
  return {
    environment,
    rest,
    privateStream: `${stream}/v5/private`,
    publicStream: `${publicStream}/v5/public/${category}`,
    tradeStream: environment === 'demo' ? undefined : `${stream}/v5/trade`,
  };
}

function hostsOf(environment: Environment, overrides: EndpointOverrides): Hosts {
  const { baseUrl, wsUrl, allowRemoteEmulator = false } = overrides;
  if (environment === 'emulator') {
    if (baseUrl === undefined || wsUrl === undefined)
      throw new InputError('--env emulator needs --base-url http://... and --ws-url ws://...');
    const rest = checked('--base-url', baseUrl, ['http:', 'https:']);
    const stream = checked('--ws-url', wsUrl, ['ws:', 'wss:']);
    if (!allowRemoteEmulator)
      for (const [option, url] of [
        ['--base-url', rest],
        ['--ws-url', stream],
      ] as const)
        if (!isLoopback(url))
          throw new InputError(
            `${option} ${shown(url)} is not on this machine: an emulator is expected on 127.0.0.1`,
          );
    return { rest, stream, publicStream: stream };
  }
  const usual = HOSTS[environment];
  const rest = baseUrl === undefined ? usual.rest : checked('--base-url', baseUrl, ['https:']);
  if (wsUrl === undefined) return { ...usual, rest };
  const stream = checked('--ws-url', wsUrl, ['wss:']);
  return { rest, stream, publicStream: environment === 'demo' ? usual.publicStream : stream };
}

/** An origin, and nothing that could hide in an address. */
function checked(option: string, text: string, protocols: readonly string[]): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const plain =
    url !== undefined &&
    protocols.includes(url.protocol) &&
    url.username === '' &&
    url.password === '' &&
    url.pathname === '/' &&
    url.search === '' &&
    url.hash === '';
  if (!plain)
    throw new InputError(
      `${option} ${shown(text)}: expected ${protocols.map((name) => `${name}//HOST[:PORT]`).join(' or ')}`,
    );
  return `${url.protocol}//${url.host}`;
}

function isLoopback(url: string): boolean {
  const { hostname } = new URL(url);
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}

function shown(url: string): string {
  return url.length <= 80 ? url : `${url.slice(0, 80)}...`;
}
