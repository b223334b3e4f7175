import { amountDigits, unitText } from './format.ts';
import type { Currencies } from './format.ts';
import { packFloat24, packFloat32, packLog16, packUint16 } from './pack.ts';
import { isSigned } from './signed.ts';
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
  readonly log16?: string;
  readonly low?: number;
  readonly step?: number;
  readonly constant?: number | null;
};

export type SweepColumns = {
  readonly params: readonly ParamColumn[];
  readonly exactParams: boolean;
  readonly metrics: readonly MetricColumn[];
  readonly plateau: MetricColumn;
  /** Significant digits of the metrics on this page: seven, or fewer where many must fit. */
  readonly digits: number;
  /** Labels of metrics that found no room; points.csv has them. */
  readonly leftOut: readonly string[];
};

export function sweepColumns(
  points: SweepPoints,
  metrics: readonly MetricDefinition[],
  rankedBy: string,
  currencies: Currencies,
): SweepColumns {
  const { params, exactParams } = paramColumns(points);
  const spent = params.reduce((sum, param) => sum + sizeOf(param), 0);
  const room = COLUMNS_BUDGET - spent;
  const known = metrics.filter(({ name }) => Object.hasOwn(points.columns, name));
  const ordered = byImportance(known, rankedBy);
  const varying = ordered.filter(({ name }) => !isConstant(points.columns[name] ?? NOTHING));
  const fits = WIDTHS.find(
    ({ bytes }) => (varying.length + 1) * base64Size(points.count, bytes) <= room,
  );
  const width = fits ?? NARROWEST;
  const most = Math.floor(room / base64Size(points.count, width.bytes)) - 1;
  const kept = new Set(varying.slice(0, Math.max(1, most)));
  const shown = ordered.filter((metric) => kept.has(metric) || !varying.includes(metric));
  const pack = (metric: MetricDefinition, column: Float64Array): MetricColumn => ({
    ...described(metric, currencies),
    ...(isConstant(column) ? constant(column) : width.pack(column)),
  });
  return {
    params,
    exactParams,
    metrics: shown.map((metric) => pack(metric, points.columns[metric.name] ?? NOTHING)),
    plateau: { ...pack(PLATEAU, points.plateauScore), signed: true },
    digits: width.digits,
    leftOut: ordered.filter((metric) => !shown.includes(metric)).map(({ label }) => label),
  };
}

type Width = {
  readonly bytes: number;
  readonly digits: number;
  readonly pack: (column: Float64Array) => Partial<MetricColumn>;
};

const NARROWEST: Width = { bytes: 2, digits: 3, pack: packLog16 };
const WIDTHS: readonly Width[] = [
  { bytes: 4, digits: 7, pack: (column) => ({ float32: packFloat32(column) }) },
  { bytes: 3, digits: 5, pack: (column) => ({ float24: packFloat24(column) }) },
  NARROWEST,
];

const NOTHING = new Float64Array(0);

const PLATEAU: MetricDefinition = {
  name: 'plateauScore',
  label: 'Plateau score',
  unit: 'x',
  better: 'higher',
  digits: 2,
};

/** What a page too small for every metric keeps first. */
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

/** Few values travel as codes into their list; many as numbers, exact as long as they fit. */
function paramColumns(points: SweepPoints): { params: ParamColumn[]; exactParams: boolean } {
  const coded = Object.entries(points.params).map(([name, column]) => codedColumn(name, column));
  const reals = coded.filter((param) => param.values.length > MOST_CODED_VALUES).length;
  const exactParams = reals * base64Size(points.count, 8) <= PARAMS_BUDGET;
  const params = coded.map((param): ParamColumn => {
    const column = points.params[param.name] ?? [];
    if (param.values.length <= MOST_CODED_VALUES) return param;
    const numbers = Float64Array.from(column, Number);
    return exactParams
      ? { name: param.name, values: [], float64: Buffer.from(numbers.buffer).toString('base64') }
      : { name: param.name, values: [], float32: packFloat32(numbers) };
  });
  return { params, exactParams };
}

function codedColumn(name: string, column: readonly ParameterValue[]): ParamColumn {
  const values = [...new Set(column)].sort(byValue);
  if (values.length <= 1 || values.length > MOST_CODED_VALUES) return { name, values };
  const code = new Map(values.map((value, index) => [value, index]));
  return { name, values, codes: packUint16(column.map((value) => code.get(value) ?? 0)) };
}

function byValue(a: ParameterValue, b: ParameterValue): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return String(a) < String(b) ? -1 : 1;
}

function base64Size(count: number, bytes: number): number {
  return Math.ceil((count * bytes) / 3) * 4;
}

function sizeOf(param: ParamColumn): number {
  const text = param.codes ?? param.float64 ?? param.float32 ?? '';
  return text.length + (param.values.length > 1 ? param.values.length * 20 : 0);
}
