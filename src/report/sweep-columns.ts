import { amountDigits, unitText } from './format.ts';
import type { Currencies } from './format.ts';
import { packFloat24, packFloat32, packUint16 } from './pack.ts';
import { isSigned } from './signed.ts';
import { SweepAggregator } from './sweep-aggregate.ts';
import type { MetricAggregate, SweepAggregate } from './sweep-aggregate.ts';
import { byValue } from './sweep-cell-axis.ts';
import type { SweepPoints } from './sweep-input.ts';
import type { MetricDefinition } from '../sweep/results.ts';

type ParameterValue = number | string | boolean;

/** Text a page may spend on the columns of its points; the chart libraries take 0.9 MB more. */
const COLUMNS_BUDGET = 8_300_000;
const PARAMS_BUDGET = 4_500_000;
const MOST_CODED_VALUES = 4096;

export type ParamColumn = {
  readonly name: string;
  readonly values: readonly ParameterValue[];
  readonly codes?: string;
  readonly float64?: string;
  readonly float32?: string;
};

export type MetricColumn = {
  readonly name: string;
  readonly label: string;
  readonly unit: string;
  readonly digits: number;
  readonly better: MetricDefinition['better'];
  readonly signed: boolean;
  readonly float32?: string;
  readonly float24?: string;
  readonly constant?: number | null;
  readonly aggregate?: MetricAggregate;
};

export type SweepColumns = {
  readonly params: readonly ParamColumn[];
  /** `exact`, `seven digits`, or `none`: so many that points on the page go without. */
  readonly paramDigits: 'exact' | 'seven digits' | 'none';
  readonly metrics: readonly MetricColumn[];
  readonly plateau: MetricColumn;
  /** Significant digits of the metrics on this page. */
  readonly digits: number;
  /** In place of a value per point, where there are too many of them. */
  readonly aggregate?: SweepAggregate;
};

/** Every metric of every point where they fit, else cells, curves and counts made of all points. */
export function sweepColumns(
  points: SweepPoints,
  metrics: readonly MetricDefinition[],
  rankedBy: string,
  currencies: Currencies,
  listed: readonly number[] = [],
): SweepColumns {
  const { params, paramDigits } = paramColumns(points);
  const room = COLUMNS_BUDGET - params.reduce((sum, param) => sum + sizeOf(param), 0);
  const known = metrics.filter(({ name }) => Object.hasOwn(points.columns, name));
  const ordered = byImportance(known, rankedBy);
  const columnOf = (name: string): Float64Array => points.columns[name] ?? NOTHING;
  const varying = ordered.filter(({ name }) => !isConstant(columnOf(name)));
  const width = paramDigits === 'none' ? undefined : WIDTHS.find(
    ({ bytes }) => (varying.length + 1) * base64Size(points.count, bytes) <= room,
  );
  const base = { params, paramDigits, digits: width?.digits ?? AGGREGATE_DIGITS };
  const made = (pack: (metric: MetricDefinition, column: Float64Array) => Partial<MetricColumn>) => ({
    metrics: ordered.map((metric) =>
      ({ ...described(metric, currencies), ...pack(metric, columnOf(metric.name)) })),
    plateau: {
      ...described(PLATEAU, currencies), ...pack(PLATEAU, points.plateauScore), signed: true,
    },
  });
  if (width !== undefined) {
    return { ...base, ...made((_, column) =>
      isConstant(column) ? constant(column) : width.pack(column)) };
  }
  const by = [PLATEAU, ...known].find(({ name }) => name === rankedBy) ?? PLATEAU;
  const column = by === PLATEAU ? points.plateauScore : columnOf(by.name);
  const gathered =
    new SweepAggregator(points, ordered.length + 1, { better: by.better, column }, listed);
  return {
    ...base, aggregate: gathered.describe(),
    ...made((metric, values) => ({ aggregate: gathered.metric(metric, values) })),
  };
}

type Width = {
  readonly bytes: number;
  readonly digits: number;
  readonly pack: (column: Float64Array) => Partial<MetricColumn>;
};

const WIDTHS: readonly Width[] = [
  { bytes: 4, digits: 7, pack: (column) => ({ float32: packFloat32(column) }) },
  { bytes: 3, digits: 5, pack: (column) => ({ float24: packFloat24(column) }) },
];
const AGGREGATE_DIGITS = 5;

const NOTHING = new Float64Array(0);

const PLATEAU: MetricDefinition = {
  name: 'plateauScore',
  label: 'Plateau score',
  unit: 'x',
  better: 'higher',
  digits: 2,
};

/** What a reader looks for first. */
const FIRST_METRICS = [
  'netProfit',
  'returnOnCapital',
  'maxDrawdown',
  'returnOverMaxDrawdown',
  'sharpe',
  'trades',
];

function byImportance(metrics: readonly MetricDefinition[], rankedBy: string): MetricDefinition[] {
  const place = ({ name }: MetricDefinition): number => {
    const at = [rankedBy, ...FIRST_METRICS].indexOf(name);
    return at === -1 ? FIRST_METRICS.length + 1 : at;
  };
  return [...metrics].sort((a, b) => place(a) - place(b));
}

function described(metric: MetricDefinition, currencies: Currencies) {
  const money = metric.unit === 'settle' || metric.unit === 'quote';
  const unit = unitText(metric.unit, currencies);
  return {
    name: metric.name,
    label: metric.label,
    unit,
    better: metric.better,
    digits: money ? amountDigits(unit, metric.digits) : metric.digits,
    signed: isSigned(metric.name),
  };
}

function constant(column: Float64Array): Partial<MetricColumn> {
  const value = column[0] ?? NaN;
  return { constant: Number.isFinite(value) ? value : null };
}

function isConstant(column: Float64Array): boolean {
  return column.every((value) => Object.is(value, column[0]));
}

/**
 * Few values travel as codes into their list; many as numbers, exact as long as they fit. A page
 * that could not hold them to seven digits holds none.
 */
function paramColumns(points: SweepPoints): Pick<SweepColumns, 'params' | 'paramDigits'> {
  const coded = Object.entries(points.params).map(([name, column]) => codedColumn(name, column));
  const few = coded.filter((param) => param.values.length <= MOST_CODED_VALUES);
  const codes = few.reduce((sum, param) => sum + sizeOf(param), 0);
  const reals = coded.length - few.length;
  const paramDigits = PARAM_WIDTHS.find(
    ({ bytes }) => codes + reals * base64Size(points.count, bytes) <= PARAMS_BUDGET,
  )?.digits ?? 'none';
  const params = coded.map((param): ParamColumn => {
    const { name, values } = param;
    if (paramDigits === 'none') return { name, values: values.length > 1 ? [] : values };
    if (few.includes(param)) return param;
    const numbers = Float64Array.from(points.params[name] ?? [], Number);
    return paramDigits === 'exact'
      ? { name, values: [], float64: Buffer.from(numbers.buffer).toString('base64') }
      : { name, values: [], float32: packFloat32(numbers) };
  });
  return { params, paramDigits };
}

const PARAM_WIDTHS = [
  { bytes: 8, digits: 'exact' }, { bytes: 4, digits: 'seven digits' },
] as const;

function codedColumn(name: string, column: readonly ParameterValue[]): ParamColumn {
  const values = [...new Set(column)].sort(byValue);
  if (values.length <= 1 || values.length > MOST_CODED_VALUES) return { name, values };
  const code = new Map(values.map((value, index) => [value, index]));
  return { name, values, codes: packUint16(column.map((value) => code.get(value) ?? 0)) };
}

function base64Size(count: number, bytes: number): number {
  return Math.ceil((count * bytes) / 3) * 4;
}

function sizeOf(param: ParamColumn): number {
  const text = param.codes ?? param.float64 ?? param.float32 ?? '';
  return text.length + (param.values.length > 1 ? param.values.length * 20 : 0);
}
