import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EarlierStep, Evidence, RunNumbers } from '../../src/live/deployment/evidence.ts';
import { laxerThan, parseGates } from '../../src/live/deployment/gate-config.ts';
import type { GateConfig } from '../../src/live/deployment/gate-config.ts';
import {
  MAINNET_WORD,
  judgeGates,
  passes,
  waivableGates,
  waiverProblem,
} from '../../src/live/deployment/gates.ts';
import type { Environment, GateVerdict, Waiver } from '../../src/live/deployment/gates.ts';
import { GATES, goodEvidence, runNumbers } from './support/deployment-body.ts';

function judge(
  evidence: Evidence,
  environment: Environment = 'dry-run',
  waivers: Waiver[] = [],
): readonly GateVerdict[] {
  return judgeGates(evidence, GATES, environment, waivers);
}

function failures(evidence: Evidence, environment: Environment = 'dry-run'): string[] {
  return judge(evidence, environment)
    .filter(({ verdict }) => verdict === 'fail')
    .map(({ gate }) => gate);
}

/** Good evidence with one of its harsher runs changed. */
function harsher(which: (run: RunNumbers) => boolean, change: Partial<RunNumbers>): Evidence {
  const good = goodEvidence();
  return {
    ...good,
    harsher: good.harsher.map((run) => (which(run) ? { ...run, ...change } : run)),
  };
}

function earlier(change: Partial<EarlierStep> = {}): EarlierStep {
  return {
    environment: 'dry-run',
    deployment: 'abc123',
    sha256: '4f'.repeat(32),
    tradingHours: 100,
    journalFromMs: 0,
    journalToMs: 3.6e8,
    differences: [],
    ...change,
  };
}

const afterDryRun = goodEvidence({ earlier: earlier() });
const afterTestnet = goodEvidence({
  earlier: earlier({ environment: 'testnet', tradingHours: 200 }),
  word: MAINNET_WORD,
});

describe('every gate', () => {
  it('lets good evidence pass, to each environment from the one before', () => {
    expect(failures(goodEvidence())).toEqual([]);
    expect(failures(afterDryRun, 'testnet')).toEqual([]);
    expect(failures(afterTestnet, 'mainnet')).toEqual([]);
  });

  const base = ({ feeFactor }: RunNumbers): boolean => feeFactor === 1;
  const under = (path: string, execution: string) => (run: RunNumbers) =>
    base(run) && run.path === path && run.execution === execution;
  const loss = { returnPercent: -0.01, netProfit: -1e-6 };
  const cases: readonly [gate: string, evidence: Evidence, environment?: Environment][] = [
    ['trades', goodEvidence({ own: runNumbers({ trades: 99 }) })],
    ['days', goodEvidence({ days: 89.9 })],
    ['real-prices', goodEvidence({ synthetic: true })],
    ['profit', goodEvidence({ own: runNumbers(loss) })],
    ['profit-direction-home', harsher(under('direction', 'home'), loss)],
    ['profit-adverse-home', harsher(under('adverse', 'home'), loss)],
    ['profit-direction-degraded', harsher(under('direction', 'degraded'), loss)],
    ['profit-adverse-degraded', harsher(under('adverse', 'degraded'), loss)],
    ['profit-fees', harsher((run) => run.feeFactor === 1.5 && run.path === 'adverse', loss)],
    ['drawdown', harsher(under('adverse', 'degraded'), { maxDrawdownPercent: 25.01 })],
    ['liquidations', harsher(under('adverse', 'home'), { liquidated: true })],
    ['stuck', harsher(under('direction', 'home'), { longestPositionDays: 14.1 })],
    [
      'scenarios',
      goodEvidence({ scenarios: { ...goodEvidence().scenarios, failed: ['exit-refused'] } }),
    ],
    ['same-bot', goodEvidence({ earlier: earlier({ differences: ['parameters'] }) }), 'testnet'],
    ['dry-run-hours', goodEvidence({ earlier: earlier({ tradingHours: 71.9 }) }), 'testnet'],
    [
      'testnet-hours',
      { ...afterTestnet, earlier: earlier({ environment: 'testnet', tradingHours: 167 }) },
      'mainnet',
    ],
    ['word', { ...afterTestnet, word: null }, 'mainnet'],
  ];
  for (const [gate, evidence, environment] of cases) {
    it(`${gate} refuses what is short of its threshold, alone`, () => {
      expect(failures(evidence, environment)).toEqual([gate]);
    });
  }

  it('has a case above in which it refuses', () => {
    const gates = [...judge(afterDryRun, 'testnet'), ...judge(afterTestnet, 'mainnet')];
    expect(new Set(cases.map(([gate]) => gate))).toEqual(new Set(gates.map(({ gate }) => gate)));
  });

  it('holds at its threshold, and profit only above it', () => {
    expect(failures(goodEvidence({ own: runNumbers({ trades: 100 }), days: 90 }))).toEqual([]);
    const even = goodEvidence({ own: runNumbers({ returnPercent: 0 }) });
    expect(failures(even)).toEqual(['profit']);
  });

  it('R9 refuses where its number does not exist: nothing goes live unmeasured', () => {
    const idle = { returnPercent: null, maxDrawdownPercent: null, longestPositionDays: null };
    const never = goodEvidence({ own: runNumbers({ ...idle, trades: 0 }) });
    const all = { ...never, harsher: never.harsher.map((run) => ({ ...run, ...idle })) };
    expect(failures(all)).toEqual([
      'trades',
      ...waivableGates().filter((gate) => gate.startsWith('profit')),
      'drawdown',
      'stuck',
    ]);
    const missing = goodEvidence({ harsher: [] });
    expect(failures(missing)).toContain('profit-fees');
  });

  it('asks nothing of earlier steps on the way to a dry-run', () => {
    expect(judge(goodEvidence()).map(({ gate }) => gate)).not.toContain('dry-run-hours');
  });

  it('takes a journal of the step before only, not of the one before that', () => {
    expect(
      failures({ ...afterTestnet, earlier: earlier({ tradingHours: 999 }) }, 'mainnet'),
    ).toEqual(['testnet-hours']);
    expect(failures(goodEvidence(), 'testnet')).toEqual(['same-bot', 'dry-run-hours']);
  });

  it('says n/a and why where nothing is named', () => {
    const verdict = judge(goodEvidence(), 'testnet').at(-1);
    expect(verdict).toMatchObject({ number: null, note: 'no journal of a dry-run' });
  });
});

describe('a waiver', () => {
  it('passes over the gate on results that it names, and shows', () => {
    for (const gate of waivableGates()) {
      expect(waiverProblem(gate)).toBeUndefined();
    }
    const weak = goodEvidence({ own: runNumbers({ trades: 12 }) });
    const verdicts = judge(weak, 'dry-run', [{ gate: 'trades', reason: 'a slow strategy' }]);
    expect(verdicts.find(({ gate }) => gate === 'trades')?.verdict).toBe('waived');
    expect(passes(verdicts)).toBe(true);
  });

  it('does nothing for any other gate', () => {
    const waivers = [{ gate: 'trades', reason: 'a slow strategy' }];
    expect(passes(judge(goodEvidence({ days: 3 }), 'dry-run', waivers))).toBe(false);
  });

  it('cannot be had for scenarios and earlier steps, not even from a hand-made list', () => {
    for (const gate of ['scenarios', 'same-bot', 'dry-run-hours', 'testnet-hours', 'word']) {
      expect(waiverProblem(gate)).toMatch(/cannot be waived/);
      const bad = { ...afterTestnet.scenarios, failed: ['banned'] };
      const evidence = goodEvidence({ scenarios: bad });
      const verdicts = judge(evidence, 'mainnet', [{ gate, reason: 'please' }]);
      expect(verdicts.find((each) => each.gate === gate)?.verdict ?? 'fail').toBe('fail');
    }
    expect(waiverProblem('luck')).toMatch(/^there is no gate "luck"; those that can be waived are/);
  });
});

describe('a gates file', () => {
  it('is shipped as documented and as the tests take it', () => {
    const file = new URL('../../data/gates.json', import.meta.url);
    const shipped = parseGates(JSON.parse(readFileSync(file, 'utf8')), undefined);
    expect(shipped).toEqual({ ok: true, config: GATES });
  });

  it('changes what it names and nothing else', () => {
    const parsed = parseGates({ minTrades: 30 }, GATES);
    expect(parsed).toEqual({ ok: true, config: { ...GATES, minTrades: 30 } });
  });

  it('is refused with the threshold that is wrong', () => {
    const problem = (json: unknown): string => {
      const parsed = parseGates(json, GATES);
      return parsed.ok ? '' : parsed.problem;
    };
    expect(problem({ minTradez: 30 })).toMatch(/^unknown threshold "minTradez"; known: minTrades,/);
    expect(problem({ minDays: 'many' })).toMatch(/^"minDays": /);
    expect(problem({ minDryRunHours: 0 })).toMatch(/^"minDryRunHours": /);
    expect(problem({ feeFactor: 0.5 })).toMatch(/^"feeFactor": /);
    expect(problem([])).not.toBe('');
  });

  it('is laxer exactly where evidence passes it that the shipped one refuses', () => {
    expect(laxerThan(GATES, GATES)).toEqual([]);
    expect(laxerThan(GATES, { ...GATES, minTrades: 10, maxDrawdownPercent: 40 })).toEqual([
      'minTrades 10 (shipped: 100)',
      'maxDrawdownPercent 40 (shipped: 25)',
    ]);
    const stricter: GateConfig = { ...GATES, minTrades: 500, maxPositionDays: 1, feeFactor: 2 };
    expect(laxerThan(GATES, stricter)).toEqual([]);
    const trades = fc.integer({ min: 1, max: 500 });
    fc.assert(
      fc.property(trades, trades, (minTrades, made) => {
        const config = { ...GATES, minTrades };
        const evidence = goodEvidence({ own: runNumbers({ trades: made }) });
        const [own, shipped] = [config, GATES].map((each) =>
          passes(judgeGates(evidence, each, 'dry-run', [])),
        );
        if (own === true && shipped === false) {
          expect(laxerThan(GATES, config)).toHaveLength(1);
        }
      }),
    );
  });
});
