import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { encodeHeader, encodeRecord } from '../../src/live/journal/encode.ts';
import { JOURNAL_FORMAT } from '../../src/live/journal/record.ts';
import { nodeDisk } from '../../src/live/journal-files/journal-disk.ts';
import type { Deployment, DeploymentBody } from '../../src/live/deployment/manifest.ts';
import { deploymentText, sealDeployment } from '../../src/live/deployment/seal.ts';
import { file, lockstep, lockstepEach, scratch } from '../cli/support/lockstep.ts';
import type { Ended } from '../cli/support/lockstep.ts';

/** A strong trend: what earns under every path, execution and fee. */
const MARKET = [
  'data',
  'synth',
  '--symbol',
  'BTCUSDT',
  '--interval',
  '15m',
  '--days',
  '95',
  '--seed',
  '12',
  '--drift',
  '500',
  '--volatility',
  '40',
];
const RUN = [
  '--symbol',
  'BTCUSDT',
  '--interval',
  '15m',
  '--set',
  'qty=1',
  '--set',
  'stopLoss=4',
  '--set',
  'anchor=trailing',
  '--set',
  'takeProfit=1',
];
const WAIVE = ['--waive', 'real-prices=a rehearsal'];
const LIMITS = ['--max-position', '3'];

let dir = '';
let said: Ended[] = [];
const at = (index: number): Ended => said[index] ?? { code: null, out: '', err: '' };

beforeAll(() => {
  dir = scratch();
  file(dir, 'gates.json', '{ "minTrades": 100000, "maxDrawdownPercent": 60 }');
  said = lockstepEach(
    [
      MARKET,
      ['backtest', ...RUN, '--set', 'multiplier=0.4', '--out', 'one'],
      ['sweep', ...RUN, '--grid', 'multiplier=0.4,3', '--out', 'many', '--workers', '1'],
      ['promote', 'one', '--explain'],
      ['promote', 'one', ...WAIVE, ...LIMITS, '--out', 'one.json'],
      ['promote', 'many', '--point', '0', ...WAIVE, ...LIMITS, '--json', '--out', 'many.json'],
      ['promote', 'one', '--gates', 'gates.json', '--explain'],
      ['promote', 'one', ...WAIVE, ...LIMITS, '--out', 'one.json'],
      ['deployment', 'show', 'one.json'],
      ['deployment', 'verify', 'one.json'],
    ],
    dir,
  );
});

function manifest(name: string): Deployment {
  return JSON.parse(readFileSync(join(dir, name), 'utf8')) as Deployment;
}

describe('lockstep promote', () => {
  it('shows every gate with number, threshold and verdict, writes nothing and ends with 1', () => {
    const { code, out, err } = at(3);
    expect(code).toBe(1);
    expect(err).toMatch(/\nlockstep: not promoted to dry-run: real-prices\n$/);
    expect(out).toMatch(/^SYNTHETIC DATA: atr-grid on BTCUSDT 15m, 2024-01-01T00:00:00Z to /);
    expect(out).toMatch(/\n {2}trades +\d+ {2}at least 100 +pass +trades of the run\n/);
    expect(out).toMatch(/\n {2}real-prices +0 % {2}at least 100 % +FAIL /);
    expect(out).toMatch(/\n {2}profit-fees +\d+\.\d\d % {2}above 0 % +pass .*fees x1\.5/);
    expect(out).toMatch(/\n {2}scenarios +\d+ {2}at least \d+ +pass /);
    expect(out).toContain('! no --max-position: nothing limits it');
    expect(readdirSync(dir)).not.toContain('deployments');
  });

  it('writes the manifest when every gate is passed or waived, and says where', () => {
    const { code, out, err } = at(4);
    expect([code, err.split('\n').at(-2)]).toEqual([0, 'promoted to dry-run: one.json']);
    expect(out).toContain('! waived: real-prices: a rehearsal');
    const { strategy, parameters, risk, waivers, evidence, data, candles } = manifest('one.json');
    expect([strategy, parameters['multiplier'], parameters['atrPeriod']]).toEqual([
      'atr-grid',
      0.4,
      14,
    ]);
    expect(risk).toEqual({ 'max-position': '3' });
    expect(waivers).toEqual([{ gate: 'real-prices', reason: 'a rehearsal' }]);
    expect(evidence.harsher).toHaveLength(8);
    expect(data[0]?.series).toBe('synthetic candles linear BTCUSDT 15m');
    expect(candles.indicatorsStartMs).toBe(Date.UTC(2024, 0, 1));
  });

  it('takes a point of a sweep, which comes to what the backtest of it came to', () => {
    expect(at(5).code).toBe(0);
    const [one, many] = [manifest('one.json'), manifest('many.json')];
    expect(many.parameters).toEqual(one.parameters);
    expect(many.evidence.own).toEqual(one.evidence.own);
    expect(many.evidence.sweep).toMatchObject({ point: 0, points: 2 });
    expect(many.deployment).not.toBe(one.deployment);
    expect(JSON.parse(at(5).out)).toEqual(many.gates.verdicts);
  });

  it('takes thresholds from a file over the shipped ones, and says which are laxer', () => {
    const { code, out } = at(6);
    expect(code).toBe(1);
    expect(out).toMatch(/\n {2}trades +\d+ {2}at least 100000 +FAIL /);
    expect(out).toContain('! laxer than shipped: maxDrawdownPercent 60 (shipped: 25)');
  });

  it('never writes over a manifest', () => {
    expect([at(7).code, at(7).err]).toEqual([
      2,
      'lockstep: --out one.json is there already: a manifest is not written over\n',
    ]);
  });

  it('names no place on the machine in the manifest', () => {
    expect(readFileSync(join(dir, 'one.json'), 'utf8')).not.toContain(dir);
  });
});

describe('lockstep deployment', () => {
  it('shows a manifest with its gates and waivers, and runs its evidence again', () => {
    expect(at(8).code).toBe(0);
    expect(at(8).out).toMatch(/^deployment [a-z0-9]{6}: dry-run, promoted 20\d\d-/);
    expect(at(8).out).toContain('! waived: real-prices: a rehearsal');
    expect([at(9).code, at(9).err]).toEqual([
      0,
      'running its evidence again\nevery number comes out again\n',
    ]);
  });

  it('finds numbers that never came out of a run, though every hash was made anew', () => {
    const seals = new Set(['hashes', 'sha256', 'deployment']);
    const parts = Object.entries(manifest('one.json')).filter(([name]) => !seals.has(name));
    const body = Object.fromEntries(parts) as DeploymentBody;
    const own = { ...body.evidence.own, netProfit: 1e6 };
    const forged = sealDeployment({ ...body, evidence: { ...body.evidence, own } });
    writeFileSync(join(dir, 'forged.json'), deploymentText(forged));
    const [shown, verified] = lockstepEach(
      [
        ['deployment', 'show', 'forged.json'],
        ['deployment', 'verify', 'forged.json'],
      ],
      dir,
    );
    // What can be seen without the data is all in order.
    expect(shown?.code).toBe(0);
    expect(verified?.code).toBe(1);
    expect(verified?.err).toMatch(/evidence: under path direction, .* trades, not 1000000 in/);
  });
});

describe('what promote refuses with one line', () => {
  const edited = (name: string, from: string, to: string): void => {
    const path = join(dir, 'one', name);
    writeFileSync(path, readFileSync(path, 'utf8').replace(from, to));
  };

  it('is bad input, with what is wrong and how to mend it, and exit code 2', () => {
    const cases: readonly [args: string[], line: RegExp][] = [
      [['nowhere'], /cannot read nowhere\/manifest\.json: give the folder of a finished/],
      [['one', '--to', 'moon'], /--to moon is not one of dry-run, testnet, mainnet/],
      [['one', '--point', '1'], /--point is for sweeps: one is a backtest/],
      [['many', '--point', '2'], /many has no point 2: its points are 0 to 1/],
      [['one', '--waive', 'scenarios=no'], /gate scenarios is on scenarios and cannot be waived/],
      [['one', '--waive', 'dry-run-hours=no'], /is on earlier steps and cannot be waived/],
      [['one', '--waive', 'days'], /--waive days needs a written reason: --waive days="why"/],
      [['one', '--waive', 'luck=x'], /there is no gate "luck"; those that can be waived are/],
      [['one', '--waive', 'days=a', '--waive', 'days=b'], /--waive days is given twice/],
      [['one', '--reason', 'why'], /--reason belongs to a waiver/],
      [['one', '--gates', 'none.json'], /cannot read the gates none\.json/],
      [['one', '--max-position', 'all'], /--max-position "all" is not a multiple of/],
      [['one', '--journal', '.'], /--journal belongs to a deployment: name its manifest/],
      [['one', '--to', 'testnet', '--after', 'one.json', '--journal', '.'], /holds no journal/],
      [['one', '--to', 'testnet', '--after', 'gates.json'], /it is no deployment manifest/],
      [['one', '--indicators-from', '2024-01-01T00:01Z'], /does not open a 15m candle/],
    ];
    const ended = lockstepEach(
      cases.map(([args]) => ['promote', ...args]),
      dir,
    );
    cases.forEach(([args, line], index) => {
      const { code, out, err = '' } = ended[index] ?? at(-1);
      const last = err.trimEnd().split('\n').at(-1) ?? '';
      expect([args, code, out]).toEqual([args, 2, '']);
      expect(last).toMatch(line);
    });
  });

  it('is less time on trial before real money than is shipped', () => {
    file(dir, 'short.json', '{ "minTestnetHours": 1 }');
    const { code, err } = lockstep(
      ['promote', 'one', '--to', 'mainnet', '--gates', 'short.json'],
      dir,
    );
    expect(code).toBe(2);
    expect(err).toMatch(/minTestnetHours 1 \(shipped: 168\) is too little for mainnet/);
  });

  it('is a report that was edited, or whose numbers do not come out again', () => {
    edited('result.json', '"netProfit"', '"netprofit"');
    const [changed] = lockstepEach([['promote', 'one']], dir);
    expect(changed?.err).toMatch(/result\.json is not the file its manifest names/);
    const sums = JSON.parse(readFileSync(join(dir, 'many/manifest.json'), 'utf8')) as {
      identity: { seed: number };
    };
    sums.identity.seed = 7;
    writeFileSync(join(dir, 'many/manifest.json'), JSON.stringify(sums));
    const [other] = lockstepEach([['promote', 'many', '--point', '0']], dir);
    expect([other?.code, other?.out]).toEqual([2, '']);
    expect(other?.err).toMatch(
      /evidence: \w+ was .* in the sweep and is .* now; .* run it again\n$/,
    );
  });
});

describe('from a dry-run to testnet', () => {
  /** A journal of so many venue hours, as the deployment would have begun it. */
  function journal(name: string, of: Deployment, hours: number): string {
    const { deployment, sha256: configHash, code } = of;
    const { version } = code;
    const lines = [
      encodeHeader({ k: 'header', format: JOURNAL_FORMAT, deployment, configHash, version }),
    ];
    const add = (i: object): void => {
      lines.push(encodeRecord(lines.length, { k: 'in', i } as { k: string }));
    };
    add({ t: 'boot', atMs: 0, run: 1 });
    add({ t: 'open', atMs: 0, socket: 'private' });
    const body = { op: 'subscribe', success: true, ret_msg: '' };
    add({ t: 'frame', atMs: 0, socket: 'private', body });
    for (let minute = 0; minute <= hours * 60; minute += 4) {
      add({
        t: 'frame',
        atMs: minute,
        socket: 'public',
        body: { ts: minute * 60_000, topic: 'x' },
      });
    }
    nodeDisk.makeDir(join(dir, name));
    writeFileSync(join(dir, name, '000001.journal'), lines.join(''));
    return name;
  }

  it('asks for the same bot, enough hours, and the journal of that very manifest', () => {
    const run = ['backtest', ...RUN, '--set', 'multiplier=0.4', '--out', 'one'];
    const other = ['backtest', ...RUN, '--set', 'multiplier=0.5', '--out', 'other'];
    const after = manifest('one.json');
    const long = journal('long', after, 72);
    const foreign = journal('foreign', { ...after, sha256: 'a'.repeat(64) }, 72);
    const step = ['--to', 'testnet', '--after', 'one.json', ...WAIVE, ...LIMITS, '--journal'];
    const ended = lockstepEach(
      [
        run,
        other,
        ['promote', 'one', ...step, long, '--out', 'testnet.json'],
        ['promote', 'one', ...step, foreign],
        ['promote', 'other', ...step, journal('short', after, 71), '--explain'],
      ],
      dir,
    );
    const [, , passed, strange, refused] = ended;
    expect(passed?.code).toBe(0);
    expect(passed?.out).toMatch(/\n {2}dry-run-hours +72 h {2}at least 72 h +pass /);
    const { evidence, environment } = manifest('testnet.json');
    expect(environment).toBe('testnet');
    expect(evidence.earlier).toMatchObject({ sha256: after.sha256, differences: [] });
    expect([strange?.code, strange?.err.split('\n').at(-2)]).toEqual([
      2,
      expect.stringMatching(/was begun by another manifest \(a{12}\) than --after/),
    ]);
    expect(refused?.code).toBe(1);
    expect(refused?.err).toMatch(/not promoted to testnet: same-bot, dry-run-hours\n$/);
    expect(refused?.out).toMatch(/\n {2}same-bot +1 .*FAIL .*step before: parameters\n/);
  });
});
