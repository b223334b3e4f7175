import type { GateVerdict } from './gates.ts';
import type { Deployment } from './manifest.ts';

const WORDS = { pass: 'pass', fail: 'FAIL', waived: 'waived' } as const;

/** Gate, number, threshold, verdict and what it asks: a line each, columns aligned. */
export function verdictLines(verdicts: readonly GateVerdict[]): string[] {
  const rows = [
    ['gate', 'number', 'threshold', 'verdict', ''],
    ...verdicts.map((each) => [
      each.gate,
      quantity(each.number, each.unit),
      `${each.compare} ${quantity(each.threshold, each.unit)}`,
      WORDS[each.verdict],
      each.note === '' ? each.asks : `${each.asks}: ${each.note}`,
    ]),
  ];
  const widths = [0, 1, 2, 3].map((column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  return rows.map(([gate = '', number = '', threshold = '', verdict = '', asks = '']) =>
    [
      gate.padEnd(widths[0] ?? 0),
      number.padStart(widths[1] ?? 0),
      threshold.padEnd(widths[2] ?? 0),
      verdict.padEnd(widths[3] ?? 0),
      asks,
    ]
      .join('  ')
      .trimEnd(),
  );
}

/** What every report and status of a deployment says of it; empty where nothing was passed over. */
export function concessionLines({
  gates,
  waivers,
}: Pick<Deployment, 'gates' | 'waivers'>): string[] {
  return [
    ...gates.laxer.map((each) => `laxer than shipped: ${each}`),
    ...waivers.map(({ gate, reason }) => `waived: ${gate}: ${reason}`),
  ];
}

function quantity(number: number | null, unit: string): string {
  if (number === null) return 'n/a';
  const digits = unit === '' ? 0 : unit === '%' ? 2 : 1;
  const text = Number.isInteger(number) ? String(number) : number.toFixed(digits);
  const plain = Number(text) === 0 ? text.replace('-', '') : text;
  return unit === '' ? plain : `${plain} ${unit}`;
}
