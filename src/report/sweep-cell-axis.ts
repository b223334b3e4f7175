type ParameterValue = number | string | boolean;

/** A parameter as cells: each value its own, or equal bins when there are too many. */
export type CellAxis = {
  readonly name: string;
  readonly labels: readonly string[];
  /** Values of the cells; null when they are bins. */
  readonly values: readonly ParameterValue[] | null;
  /** The cell of each point. */
  readonly code: Uint16Array;
};

/** Undefined for a parameter with one value only. Names are never binned. */
export function cellAxis(
  name: string, column: readonly ParameterValue[], most: number, bins: number,
): CellAxis | undefined {
  const values = [...new Set(column)].sort(byValue);
  if (values.length <= 1) return undefined;
  const numeric = values.every((value) => typeof value === 'number');
  if (!numeric || values.length <= most) {
    const code = new Map(values.map((value, at) => [value, at]));
    return {
      name, values, labels: values.map(short),
      code: Uint16Array.from(column, (value) => code.get(value) ?? 0),
    };
  }
  const [low, high] = [Number(values[0]), Number(values.at(-1))];
  const width = (high - low) / bins;
  const edge = (at: number): string => rounded(low + at * width, width);
  return {
    name, values: null,
    labels: Array.from({ length: bins }, (_, at) => `${edge(at)} to ${edge(at + 1)}`),
    code: Uint16Array.from(column, (value) =>
      Math.min(bins - 1, Math.max(0, Math.floor((Number(value) - low) / width)))),
  };
}

export function byValue(a: ParameterValue, b: ParameterValue): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return String(a) < String(b) ? -1 : 1;
}

function short(value: ParameterValue): string {
  return typeof value === 'number' ? String(Number(value.toPrecision(6))) : String(value);
}

function rounded(value: number, width: number): string {
  return value.toFixed(Math.max(0, Math.min(8, 1 - Math.floor(Math.log10(width)))));
}
