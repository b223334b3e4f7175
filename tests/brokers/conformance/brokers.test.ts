import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { dryBench, emulatorBench, hostedBench, testnetBench } from './bench.ts';
import type { Bench } from './bench.ts';
import { CARDS } from './cards.ts';
import { Client } from './client.ts';

const key = process.env['LOCKSTEP_CONFORMANCE_KEY'] ?? '';
const secret = process.env['LOCKSTEP_CONFORMANCE_SECRET'] ?? '';
const hasTestnet = key !== '' && secret !== '';

const BROKERS: readonly (readonly [string, () => Promise<Bench>])[] = [
  ['the simulated venue', hostedBench],
  ["a dry run's venue", dryBench],
  ['the Bybit broker at the emulator', emulatorBench],
];

it('the documentation lists the cards', () => {
  const page = new URL('../../../docs/bybit-broker.md', import.meta.url);
  const rows = readFileSync(page, 'utf8').match(/^\| BC-.*$/gm);
  expect(rows).toEqual(
    CARDS.map(
      ({ id, title, ownVenue }) => `| ${id} | ${title} | ${ownVenue === true ? 'no' : 'yes'} |`,
    ),
  );
});

describe.each(BROKERS)('%s', (_, made) => {
  it.each(CARDS.map((card) => [card.id, card.title, card] as const))(
    '%s %s',
    async (_id, _title, { play }) => {
      const client = await new Client(await made()).subscribed();
      try {
        await play(client);
      } finally {
        await client.bench.transport.close();
      }
    },
    20_000,
  );
});

/** An account of its own, flat: each card ends flat again. */
describe.skipIf(!hasTestnet)("the Bybit broker at Bybit's testnet", () => {
  const cards = CARDS.filter(({ ownVenue }) => ownVenue !== true);
  it.each(cards.map((card) => [card.id, card.title, card] as const))(
    '%s %s',
    async (_id, _title, { play }) => {
      const client = await new Client(await testnetBench(key, secret)).subscribed();
      try {
        await play(client);
      } finally {
        await client.post('/v5/order/cancel-all', {});
        const held = await client.position();
        const close = { qty: '0', reduceOnly: true, closeOnTrigger: true };
        if (held !== 0) await client.market(client.linkId(), held > 0 ? 'Sell' : 'Buy', close);
        await client.bench.transport.close();
      }
    },
    60_000,
  );
});
