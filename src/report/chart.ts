import { html } from './html.ts';
import type { Html } from './html.ts';

/**
 * A chart of a page: a vega-lite specification without its colours. `@profit`, `@accent` and so on
 * stand for the theme's colours and are put in by the page, again when dark mode is switched.
 */
export type Chart = { readonly id: string; readonly spec: object };

export function chartBox(id: string, label: string): Html {
  return html`<div class="chart" id="${id}" role="img" aria-label="${label}"></div>`;
}

export function section(
  id: string,
  title: string,
  note: string,
  ...content: readonly Html[]
): Html {
  return html`<section id="${id}" aria-labelledby="${id}-title">
    <h2 id="${id}-title">${title}</h2>
    <p class="note">${note}</p>
    ${content}
  </section>`;
}

/** Instants read as UTC whatever the reader's clock says. */
export const utcAxis = {
  type: 'temporal',
  scale: { type: 'utc' },
  axis: { title: null, tickCount: 6 },
} as const;

export const whenTransform = {
  calculate: "utcFormat(datum.t, '%Y-%m-%d %H:%M') + ' UTC'",
  as: 'when',
} as const;

/** d3 format for axis and tooltip: more digits where the values are small. */
export function axisFormat(largest: number): string {
  if (largest >= 1000) return ',.0f';
  if (largest >= 10) return ',.1f';
  return largest >= 0.1 ? ',.3f' : ',.6f';
}

export function largestOf(values: Iterable<number | null>): number {
  let largest = 0;
  for (const value of values) if (value !== null) largest = Math.max(largest, Math.abs(value));
  return largest;
}
