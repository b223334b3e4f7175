import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { file, lockstep, lockstepEach, marketFolder, tree } from './support/lockstep.ts';

let dir = '';
beforeAll(() => {
  dir = marketFolder();
  mkdirSync(join(dir, 'photos'));
  writeFileSync(join(dir, 'photos', 'cat.jpg'), 'meow');
  mkdirSync(join(dir, 'faked'));
  writeFileSync(join(dir, 'faked', 'manifest.json'), '{"schema":"else","files":{}}');
  file(dir, 'afile', 'x');
});

const RUN = ['backtest', '--symbol', 'BTCUSDT', '--interval', '5m'];
const of = (...more: string[]): string[] => [...RUN, ...more];

type Wrong = readonly [args: readonly string[], message: RegExp];

/** Nothing written, exit code 2, one line that says what and how to mend it. */
function refused(cases: readonly Wrong[]): void {
  const before = tree(dir);
  const ended = lockstepEach(cases.map(([args]) => args), dir);
  cases.forEach(([args, message], at) => {
    const { code, out, err } = ended[at] ?? { code: null, out: '', err: '' };
    const line = args.join(' ');
    expect([line, code, out]).toEqual([line, 2, '']);
    expect(err).toMatch(/^lockstep: [^\n]+\n$/);
    expect(err).not.toMatch(/ {2}at |\.ts:|\.js:/);
    expect(err).toMatch(message);
  });
  expect(tree(dir)).toEqual(before);
}

describe('one line and exit code 2 for', () => {
  it('a flag that is unknown, empty, given twice or without a value', () => {
    refused([
      [of('--sybmol', 'X'), /Unknown argument/],
      [of('--set.multiplier', '2'), /Unknown argument/],
      [of('--no-json'), /Unknown argument/],
      [of('extra'), /Unknown argument: extra/],
      [of('--seed='), /--seed is empty/],
      [of('--out', ' '), /--out is empty/],
      [of('--seed'), /Not enough arguments following: seed/],
      [of('--seed', '1', '--seed', '2'), /--seed is given twice/],
      [of('--config', 'a', '--config', 'b'), /--config is given twice/],
      [of('--latency', 'ideal', '--execution', 'home'), /two names of one option/],
      [['bakctest'], /no command "bakctest": did you mean backtest/],
    ]);
  });

  it('a value that is not what the flag takes', () => {
    refused([
      [of('--max-position', '0.0005'), /--max-position "0.0005" is not a multiple of 0.001 BTC/],
      [of('--max-open-orders', '0'), /--max-open-orders "0" is not a whole number from 1/],
      [of('--max-order-rate', '1.5'), /--max-order-rate "1.5" is not a whole number from 1/],
      [of('--price-collar', '2'), /--price-collar "2" is not a share above 0 and up to 1/],
      [of('--max-daily-loss', '-5'), /--max-daily-loss "-5" is not a positive amount of USDT/],
      [of('--max-price-age', '10'), /--max-price-age "10" is not a length of time of 1s or more/],
      [of('--category', 'spot'), /--category spot is not one of linear, inverse/],
      [['backtest', '--interval', '7m'], /--interval 7m is unknown: one of/],
      [of('--from', 'yesterday'), /--from yesterday is not a time/],
      [of('--to', '2024-02-30'), /--to 2024-02-30 is not a time/],
      [of('--from', '2024-01-02', '--to', '2024-01-02'), /--from must lie before --to/],
      [of('--warmup', '14'), /--warmup 14 is not a length of time/],
      [of('--warmup', '1e308d'), /--warmup 1e308d is not a length/],
      [of('--warmup', '-1d'), /--warmup -1d is not a length/],
      [of('--path', 'kind'), /--path kind is not one of direction/],
      [of('--execution', 'warp'), /no execution profile "warp": shipped are .*home/],
      [of('--execution', 'home+slippage=x'), /--slippage x is not a number/],
      [of('--execution', 'home+colour=3'), /no execution profile "home\+colour=3"/],
      [of('--through', '1.5'), /--through 1.5 is not a whole number/],
      [of('--half-spread', '-1'), /--half-spread -1 is not a number from 0/],
      [of('--half-spread', '0.0001'), /more than three digits/],
      [of('--slippage', '1e308'), /--slippage 1e308 is not a number/],
      [of('--slippage', 'NaN'), /--slippage NaN is not a number/],
      [of('--participation', '0'), /--participation 0 is not a number/],
      [of('--participation', '2'), /--participation 2 is not a number/],
      [of('--seed', '-1'), /--seed -1 is not a whole number/],
      [of('--seed', '0x10'), /--seed 0x10 is not a whole number/],
      [of('--seed', '99999999999999999999'), /--seed .* is not a whole number/],
      [of('--capital', '0'), /--capital 0 is not a positive amount/],
      [of('--capital', 'Infinity'), /--capital Infinity is not a positive amount/],
      [of('--capital', '0.1234567890123'), /--capital .* is not a positive amount/],
      [of('--capital', '0.123456789'), /--capital 0.123456789 is not a positive amount of USDT/],
      [of('--leverage', '0.5'), /--leverage 0.5 is not a number from 1/],
      [of('--leverage', '500'), /--leverage 500 is outside 1 \.\. /],
    ]);
  });

  it('a strategy or parameter that is not there or does not fit', () => {
    refused([
      [of('--strategy', 'oracle'), /no strategy is called "oracle"; there are atr-grid/],
      [of('--strategy', '__proto__'), /no strategy is called/],
      [of('--set', 'multiplier'), /--set multiplier is not name=value/],
      [of('--set', '=2'), /is not name=value/],
      [of('--set', 'multiplyer=2'), /no parameter multiplyer; did you mean multiplier/],
      [of('--set', '__proto__=2'), /no parameter __proto__/],
      [of('--set', 'constructor=2'), /no parameter constructor/],
      [of('--set', 'multiplier='), /multiplier is "", expected a number/],
      [of('--set', 'multiplier=1e308'), /multiplier is "1e308", expected a number/],
      [of('--set', 'multiplier=NaN'), /multiplier is "NaN"/],
      [of('--set', 'multiplier=1', '--set', 'multiplier=2'), /--set multiplier is given twice/],
      [of('--set', 'direction=both'), /direction both needs entryStyle on-signal/],
      [of('--set', 'qty=0.0001'), /quantity 0.0001 is not a multiple/],
      [of('--strategy', 'sma-cross', '--set', 'sizing=equity'), /give a capital with --capital/],
      [of('--set', 'atrInterval=1m'), /not a multiple of the candles'/],
    ]);
  });

  it('a file that is missing, broken or of another kind', () => {
    file(dir, 'broken.json', '{"symbol": ');
    file(dir, 'other.json', '{"symbol": "ACME"}');
    refused([
      [of('--instrument', 'none.json'), /cannot read the instrument file none.json/],
      [of('--instrument', 'broken.json'), /broken.json is not JSON/],
      [of('--instrument', 'other.json'), /instrument file other.json/],
      [of('--execution', 'broken.json'), /execution profile broken.json is not JSON/],
      [of('--execution', './none.json'), /no execution profile/],
      [of('--data-dir', 'nowhere'), /no candles of linear BTCUSDT 5m in nowhere/],
      [['backtest', '--symbol', 'NOPE'], /no instrument "NOPE"/],
      [['backtest', '--symbol', '../BTCUSDT'], /no instrument "\.\.\/BTCUSDT"/],
      [['backtest', '--symbol', 'BTCUSDT'], /no candles of linear BTCUSDT 1m .*it holds/],
      [of('--category', 'inverse'), /--category inverse contradicts/],
      [of('--from', '2023-01-01'), /the candles run from .*narrow --from/],
      [of('--from', '2024-01-02', '--warmup', '3d'), /with the warm-up/],
      [of('--to', '2025-01-01'), /the candles run from/],
      [of('--from', '2024-01-02T00:01:00Z'), /does not open a 5m candle/],
      [of('--out', 'afile'), /--out afile: afile is a file, not a folder/],
      [of('--out', 'photos'), /--out photos holds cat.jpg, which is no file of a lockstep run/],
      [of('--out', 'faked'), /--out faked holds manifest.json/],
      [of('--out', 'afile/below'), /--out afile\/below: afile is a file/],
    ]);
  });

  it('a configuration with a mistake, naming the file and the line', () => {
    const config = (name: string, text: string): string[] =>
      of('--config', file(dir, `${name}.yaml`, text));
    refused([
      [of('--config', 'none.yaml'), /cannot read the configuration file none.yaml/],
      [of('--config', 'photos'), /cannot read the configuration file photos/],
      [config('near', 'seed: 1\nhalf_spread: 2\n'), /near.yaml:2: .*half_spread; did you mean half-spread/],
      [config('far', 'colour: red\n'), /far.yaml:1: unknown name colour; known are symbol/],
      [config('proto', '__proto__: {a: 1}\n'), /proto.yaml:1: unknown name __proto__/],
      [config('protoset', 'set:\n  __proto__: 1\n'), /no parameter __proto__/],
      [config('twice', 'seed: 1\nseed: 2\n'), /twice.yaml:2: not YAML or JSON: .*unique/],
      [config('syntax', 'seed: [1\n'), /syntax.yaml:\d: not YAML or JSON/],
      [config('list', '- seed\n'), /list.yaml:1: expected lines like/],
      [config('empty', ''), /empty.yaml:1: expected lines like/],
      [config('nothing', 'seed:\n'), /nothing.yaml:1: seed needs one value/],
      [config('map', 'seed: {a: 1}\n'), /map.yaml:1: seed needs one value/],
      [config('huge', 'slippage: 1e308\n'), /--slippage 1e308 is not a number/],
      [config('nan', 'slippage: .nan\n'), /--slippage .nan is not a number/],
      [config('json', '{"json": "perhaps"}'), /json perhaps is not one of true, false/],
      [config('setlist', 'set: [1]\n'), /setlist.yaml:1: expected lines like/],
      [config('alias', 'seed: &a 3\nleverage: *a\n'), /alias.yaml:2: leverage needs one value/],
      [config('nested', 'config: other.yaml\n'), /nested.yaml:1: unknown name config/],
    ].map(([args, message]) => [args, message] as Wrong));
  });

  it('why, asked about what is not there', () => {
    refused([
      [['why'], /Not enough non-option arguments/],
      [['why', 'nowhere', '--at', '2024-01-02'], /cannot read nowhere\/manifest.json/],
      [['why', 'nowhere'], /Missing required argument: at/],
      [['why', 'nowhere', '--at', 'noon'], /--at noon is not a time/],
      [['why', 'faked', '--at', '2024-01-02'], /faked\/manifest.json is no manifest of a lockstep/],
    ]);
  });
});

it('the process itself ends with 2, its standard output empty', () => {
  const { code, out, err } = lockstep(of('--seed', 'x', '--json'), dir);
  expect([code, out]).toEqual([2, '']);
  expect(err).toBe('lockstep: --seed x is not a whole number from 0 to 9007199254740991\n');
});
