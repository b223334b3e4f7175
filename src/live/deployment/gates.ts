import * as z from 'zod';
import type { Evidence, RunNumbers } from './evidence.ts';
import type { GateConfig } from './gate-config.ts';

export const ENVIRONMENTS = ['dry-run', 'testnet', 'mainnet'] as const;
export type Environment = (typeof ENVIRONMENTS)[number];

/** What a person has to say to trade real money. */
export const MAINNET_WORD = 'i-understand-this-trades-real-money';

/** The runs that gates ask for beside the run itself: each of these under each of those. */
export const GATE_PATHS = ['direction', 'adverse'] as const;
export const GATE_EXECUTIONS = ['home', 'degraded'] as const;

export const gateVerdict = z.strictObject({
  gate: z.string(),
  /** In words, for a table. */
  asks: z.string(),
  /** null: there is no such number, which fails. */
  number: z.number().nullable(),
  compare: z.enum(['at least', 'at most', 'above']),
  threshold: z.number(),
  unit: z.string(),
  verdict: z.enum(['pass', 'fail', 'waived']),
  /** What a person would ask next; empty where the number says it all. */
  note: z.string(),
});
export type GateVerdict = z.infer<typeof gateVerdict>;

export type Waiver = { readonly gate: string; readonly reason: string };

type Gate = {
  readonly gate: string;
  /** Only gates on results can be waived. */
  readonly on: 'results' | 'scenarios' | 'earlier steps';
  readonly asks: string;
  readonly compare: GateVerdict['compare'];
  readonly unit: string;
  readonly number: (evidence: Evidence, config: GateConfig) => number | null;
  readonly threshold: (config: GateConfig, evidence: Evidence) => number;
  readonly note?: (evidence: Evidence) => string;
};

const RESULT_GATES: readonly Gate[] = [
  {
    gate: 'trades',
    on: 'results',
    asks: 'trades of the run',
    compare: 'at least',
    unit: '',
    number: ({ own }) => own.trades,
    threshold: ({ minTrades }) => minTrades,
  },
  {
    gate: 'days',
    on: 'results',
    asks: 'days of the run',
    compare: 'at least',
    unit: 'days',
    number: ({ days }) => days,
    threshold: ({ minDays }) => minDays,
  },
  {
    gate: 'real-prices',
    on: 'results',
    asks: 'share of real prices',
    compare: 'at least',
    unit: '%',
    number: ({ synthetic }) => (synthetic ? 0 : 100),
    threshold: () => 100,
    note: ({ synthetic }) => (synthetic ? 'the prices were generated' : ''),
  },
  {
    gate: 'profit',
    on: 'results',
    asks: 'return of the run itself',
    compare: 'above',
    unit: '%',
    number: ({ own }) => own.returnPercent,
    threshold: ({ minReturnPercent }) => minReturnPercent,
    note: ({ own }) => termsOf(own),
  },
  ...GATE_EXECUTIONS.flatMap((execution) => GATE_PATHS.map((path) => profitGate(path, execution))),
  {
    gate: 'profit-fees',
    on: 'results',
    asks: 'worst return with higher fees',
    compare: 'above',
    unit: '%',
    number: worstWithFees,
    threshold: ({ minReturnPercent }) => minReturnPercent,
    note: ({ harsher }) => {
      const factors = new Set(harsher.map(({ feeFactor }) => feeFactor).filter((each) => each > 1));
      return `fees x${[...factors].join(', x')}, worst of ${GATE_PATHS.join(' and ')}, ${GATE_EXECUTIONS.join(' and ')}`;
    },
  },
  {
    gate: 'drawdown',
    on: 'results',
    asks: 'largest drawdown of all runs',
    compare: 'at most',
    unit: '%',
    number: (evidence) => worst(evidence, ({ maxDrawdownPercent }) => maxDrawdownPercent),
    threshold: ({ maxDrawdownPercent }) => maxDrawdownPercent,
    note: (evidence) => (all(evidence).some(({ liquidated }) => liquidated) ? 'LIQUIDATED' : ''),
  },
  {
    gate: 'liquidations',
    on: 'results',
    asks: 'runs that were liquidated',
    compare: 'at most',
    unit: '',
    number: (evidence) => all(evidence).filter(({ liquidated }) => liquidated).length,
    threshold: () => 0,
  },
  {
    gate: 'stuck',
    on: 'results',
    asks: 'longest position of all runs',
    compare: 'at most',
    unit: 'days',
    number: (evidence) => worst(evidence, ({ longestPositionDays }) => longestPositionDays),
    threshold: ({ maxPositionDays }) => maxPositionDays,
  },
];

const SCENARIO_GATE: Gate = {
  gate: 'scenarios',
  on: 'scenarios',
  asks: 'incidents played with this code that held',
  compare: 'at least',
  unit: '',
  number: ({ scenarios }) => scenarios.played - scenarios.failed.length,
  threshold: (_, { scenarios }) => Math.max(1, scenarios.played),
  note: ({ scenarios }) => scenarios.failed.join(', '),
};

const SAME_BOT_GATE: Gate = {
  gate: 'same-bot',
  on: 'earlier steps',
  asks: 'differences from the bot of the step before',
  compare: 'at most',
  unit: '',
  number: ({ earlier }) => earlier?.differences.length ?? null,
  threshold: () => 0,
  note: ({ earlier }) => earlier?.differences.join(', ') ?? 'no manifest of the step before',
};

function profitGate(path: string, execution: string): Gate {
  return {
    gate: `profit-${path}-${execution}`,
    on: 'results',
    asks: `return under path ${path}, execution ${execution}`,
    compare: 'above',
    unit: '%',
    number: ({ harsher }) =>
      harsher.find((run) => run.path === path && run.execution === execution && run.feeFactor === 1)
        ?.returnPercent ?? null,
    threshold: ({ minReturnPercent }) => minReturnPercent,
  };
}

/** Hours of trading at the step before. */
function hoursGate(before: 'dry-run' | 'testnet'): Gate {
  return {
    gate: `${before}-hours`,
    on: 'earlier steps',
    asks: `hours of trading in the ${before} journal`,
    compare: 'at least',
    unit: 'h',
    number: ({ earlier }) => (earlier?.environment === before ? earlier.tradingHours : null),
    threshold: ({ minDryRunHours, minTestnetHours }) =>
      before === 'dry-run' ? minDryRunHours : minTestnetHours,
    note: ({ earlier }) =>
      earlier === null
        ? `no journal of a ${before}`
        : earlier.environment === before
          ? ''
          : `the journal is of a ${earlier.environment}`,
  };
}

const WORD_GATE: Gate = {
  gate: 'word',
  on: 'earlier steps',
  asks: `the word --${MAINNET_WORD}`,
  compare: 'at least',
  unit: '',
  number: ({ word }) => (word === MAINNET_WORD ? 1 : 0),
  threshold: () => 1,
};

/** Every gate on the way to an environment, in the order they are printed. */
function gatesOf(environment: Environment): readonly Gate[] {
  const always = [...RESULT_GATES, SCENARIO_GATE];
  switch (environment) {
    case 'dry-run':
      return always;
    case 'testnet':
      return [...always, SAME_BOT_GATE, hoursGate('dry-run')];
    case 'mainnet':
      return [...always, SAME_BOT_GATE, hoursGate('testnet'), WORD_GATE];
  }
}

const FIXED_GATES: readonly Gate[] = [
  SCENARIO_GATE,
  SAME_BOT_GATE,
  hoursGate('dry-run'),
  hoursGate('testnet'),
  WORD_GATE,
];

export function waivableGates(): string[] {
  return RESULT_GATES.map(({ gate }) => gate);
}

/** Why a gate cannot be waived; undefined where it can. */
export function waiverProblem(name: string): string | undefined {
  const gate = FIXED_GATES.find((each) => each.gate === name);
  if (gate !== undefined) {
    return `the gate ${name} is on ${gate.on} and cannot be waived: it has to be passed`;
  }
  if (waivableGates().includes(name)) return undefined;
  return `there is no gate "${name}"; those that can be waived are ${waivableGates().join(', ')}`;
}

/** Number, threshold, verdict of every gate. Pure: the reader of a manifest judges it again. */
export function judgeGates(
  evidence: Evidence,
  config: GateConfig,
  environment: Environment,
  waivers: readonly Waiver[],
): GateVerdict[] {
  return gatesOf(environment).map((each): GateVerdict => {
    const number = each.number(evidence, config);
    const threshold = each.threshold(config, evidence);
    const holds = number !== null && compares(number, each.compare, threshold);
    const waived = each.on === 'results' && waivers.some(({ gate }) => gate === each.gate);
    return {
      gate: each.gate,
      asks: each.asks,
      number,
      compare: each.compare,
      threshold,
      unit: each.unit,
      verdict: holds ? 'pass' : waived ? 'waived' : 'fail',
      note: each.note?.(evidence) ?? '',
    };
  });
}

export function passes(verdicts: readonly GateVerdict[]): boolean {
  return verdicts.every(({ verdict }) => verdict !== 'fail');
}

function compares(number: number, how: GateVerdict['compare'], threshold: number): boolean {
  switch (how) {
    case 'at least':
      return number >= threshold;
    case 'at most':
      return number <= threshold;
    case 'above':
      return number > threshold;
  }
}

function worstWithFees({ harsher }: Evidence, { feeFactor }: GateConfig): number | null {
  const runs = harsher.filter((run) => run.feeFactor === feeFactor);
  const returns = runs.flatMap(({ returnPercent }) => returnPercent ?? []);
  const complete = returns.length === GATE_PATHS.length * GATE_EXECUTIONS.length;
  return complete ? Math.min(...returns) : null;
}

function all({ own, harsher }: Evidence): readonly RunNumbers[] {
  return [own, ...harsher];
}

/** The largest of all runs; null where no run has one. */
function worst(evidence: Evidence, of: (run: RunNumbers) => number | null): number | null {
  const found = all(evidence).flatMap((run) => of(run) ?? []);
  return found.length === 0 ? null : Math.max(...found);
}

function termsOf({ path, execution }: RunNumbers): string {
  return `path ${path}, execution ${execution}`;
}
