import { PART_STYLE } from './part-styles.ts';

/** The look of both reports. Colours are variables, so that the charts can read them too. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --bg: #f5f6f4;
  --card: #fff;
  --ink: #16211f;
  --soft: #55625f;
  --line: #dde2df;
  --faint: #ecefed;
  --accent: #1f5fa8;
  --second: #8a6412;
  --third: #6b52a3;
  --profit: #0b7a63;
  --loss: #bf3f2c;
  --none: #c4cbc8;
  --warn-bg: #fff5df;
  --warn-ink: #5f4200;
  --warn-line: #e4b64d;
  --loud-bg: #b3261e;
  --loud-ink: #fff;
  --zero: #f1f1ec;
  --seq0: #e8eef5;
  --seq1: #0d3f78;
}
@media (prefers-color-scheme: dark) {
  :root {
    --bg: #101615;
    --card: #182120;
    --ink: #e8eeec;
    --soft: #a3b0ac;
    --line: #2c3836;
    --faint: #212b2a;
    --accent: #78b0f2;
    --second: #dcae55;
    --third: #b8a2ee;
    --profit: #3cc3a3;
    --loss: #f08672;
    --none: #3d4a47;
    --warn-bg: #332810;
    --warn-ink: #f6dfa8;
    --warn-line: #8d6d23;
    --loud-bg: #d1473c;
    --loud-ink: #fff;
    --zero: #2a3331;
    --seq0: #1d2b3b;
    --seq1: #8fc2ff;
  }
}
* {
  box-sizing: border-box;
}
html {
  -webkit-text-size-adjust: 100%;
}
body {
  margin: 0;
  background: var(--bg);
  color: var(--ink);
  font:
    15px/1.55 ui-sans-serif,
    system-ui,
    -apple-system,
    "Segoe UI",
    Roboto,
    "Helvetica Neue",
    sans-serif;
  font-variant-numeric: tabular-nums;
}
main {
  max-width: 1180px;
  margin: 0 auto;
  padding: 32px 24px 24px;
}
h1 {
  font-size: 28px;
  line-height: 1.2;
  margin: 0 0 6px;
  letter-spacing: -0.015em;
  overflow-wrap: anywhere;
}
h2 {
  font-size: 18px;
  line-height: 1.3;
  margin: 0 0 4px;
  letter-spacing: -0.005em;
}
h3 {
  font-size: 14px;
  margin: 20px 0 6px;
}
p {
  margin: 0 0 10px;
}
.lead {
  font-size: 16px;
  color: var(--soft);
  max-width: 76ch;
  overflow-wrap: anywhere;
}
.note {
  color: var(--soft);
  font-size: 13.5px;
  max-width: 82ch;
}
.eyebrow {
  font-size: 12px;
  letter-spacing: 0.08em;
  text-transform: uppercase;
  color: var(--soft);
  margin: 0 0 6px;
}
section {
  background: var(--card);
  border: 1px solid var(--line);
  border-radius: 10px;
  padding: 20px 22px;
  margin: 18px 0;
  min-width: 0;
}
header.top {
  padding: 4px 2px 0;
}
.facts {
  display: grid;
  grid-template-columns: repeat(auto-fit, minmax(200px, 1fr));
  gap: 12px 24px;
  margin: 18px 0 4px;
}
.facts .wide {
  grid-column: 1 / -1;
}
.facts div {
  min-width: 0;
}
dt {
  font-size: 12.5px;
  color: var(--soft);
}
dd {
  margin: 0;
  overflow-wrap: anywhere;
}
.synthetic {
  background: var(--loud-bg);
  color: var(--loud-ink);
  border-radius: 8px;
  padding: 12px 16px;
  margin: 0 0 18px;
}
.synthetic strong {
  letter-spacing: 0.08em;
}
.warnings {
  list-style: none;
  margin: 16px 0 0;
  padding: 0;
  display: grid;
  gap: 8px;
}
.warnings li {
  background: var(--warn-bg);
  color: var(--warn-ink);
  border-left: 4px solid var(--warn-line);
  border-radius: 4px;
  padding: 9px 14px;
  overflow-wrap: anywhere;
}
.cards {
  display: grid;
  grid-template-columns: repeat(auto-fill, minmax(196px, 1fr));
  gap: 12px;
  margin: 18px 0;
}
.card {
  background: var(--card);
  border: 1px solid var(--line);
  border-radius: 10px;
  padding: 13px 16px;
  min-width: 0;
}
.card .label {
  font-size: 13px;
  color: var(--soft);
}
.card .value {
  font-size: 21px;
  font-weight: 620;
  letter-spacing: -0.01em;
  line-height: 1.3;
  overflow-wrap: anywhere;
}
.card .under {
  font-size: 12.5px;
  color: var(--soft);
  overflow-wrap: anywhere;
}
.up {
  color: var(--profit);
}
.down {
  color: var(--loss);
}
${PART_STYLE}`;
