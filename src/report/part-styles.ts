/** The look of charts, tables, controls and panels, and what changes on a phone and on paper. */
export const PART_STYLE = `
.two {
  display: grid;
  grid-template-columns: minmax(0, 1fr) minmax(0, 1fr);
  gap: 0 18px;
}
.two section {
  margin: 0;
}
.pair {
  display: grid;
  grid-template-columns: minmax(0, 1fr) minmax(0, 1fr);
  gap: 8px 28px;
}
.row {
  margin: 18px 0;
}
.chart,
.chart.vega-embed {
  display: block;
  width: 100%;
  min-width: 0;
}
.chart.vega-embed .chart-wrapper,
.chart svg,
.chart canvas {
  max-width: 100%;
}
.chart {
  margin-top: 10px;
  overflow: hidden;
}
.legend {
  display: flex;
  flex-wrap: wrap;
  gap: 4px 18px;
  font-size: 13px;
  color: var(--soft);
  margin: 8px 0 0;
}
.legend i {
  display: inline-block;
  width: 18px;
  height: 3px;
  border-radius: 2px;
  margin-right: 7px;
  vertical-align: middle;
}
.legend i.dash {
  background: repeating-linear-gradient(90deg, currentColor 0 5px, transparent 5px 8px);
}
.scroll {
  overflow-x: auto;
  margin: 12px -22px 0;
  padding: 0 22px;
  max-width: calc(100% + 44px);
}
.scroll:focus-visible,
canvas:focus-visible,
button:focus-visible,
select:focus-visible {
  outline: 2px solid var(--accent);
  outline-offset: 2px;
}
.scroll.tall {
  max-height: 520px;
  overflow-y: auto;
}
table {
  border-collapse: collapse;
  width: 100%;
  font-size: 13.5px;
}
th,
td {
  padding: 6px 12px 6px 0;
  border-bottom: 1px solid var(--faint);
  text-align: right;
  white-space: nowrap;
}
th {
  font-weight: 600;
  color: var(--soft);
  border-bottom-color: var(--line);
  vertical-align: bottom;
}
.tall th {
  position: sticky;
  top: 0;
  background: var(--card);
  z-index: 1;
}
th.text,
td.text {
  text-align: left;
}
td.wrap {
  white-space: normal;
  min-width: 200px;
  overflow-wrap: anywhere;
  color: var(--soft);
}
th button {
  font: inherit;
  color: inherit;
  background: none;
  border: 0;
  padding: 0;
  cursor: pointer;
  text-align: inherit;
}
th[aria-sort="ascending"] button::after {
  content: " ▲";
  font-size: 10px;
}
th[aria-sort="descending"] button::after {
  content: " ▼";
  font-size: 10px;
}
tr.pick {
  cursor: pointer;
}
tr.pick:hover td {
  background: var(--faint);
}
.life {
  margin: 10px 0;
}
.life-row {
  display: grid;
  grid-template-columns: 130px minmax(0, 1fr) 150px;
  gap: 10px;
  align-items: center;
  font-size: 13px;
}
.life-track {
  position: relative;
  height: 12px;
  background: var(--faint);
  border-radius: 3px;
}
.life-track i {
  position: absolute;
  top: 0;
  bottom: 0;
  border-radius: 3px;
  background: var(--accent);
}
.life-track i.venue {
  background: var(--second);
}
tr.life-pick {
  cursor: pointer;
}
tr.life-pick.chosen td,
tr.life-pick:hover td {
  background: var(--faint);
}
.tag {
  font-size: 11.5px;
  border: 1px solid var(--line);
  border-radius: 99px;
  padding: 1px 8px;
  color: var(--soft);
}
.controls {
  display: flex;
  flex-wrap: wrap;
  gap: 10px 16px;
  align-items: end;
  margin: 12px 0 4px;
}
.controls label {
  font-size: 12.5px;
  color: var(--soft);
  display: grid;
  gap: 3px;
  min-width: 0;
  max-width: 100%;
}
select,
.tools button {
  font: inherit;
  font-size: 14px;
  color: var(--ink);
  background: var(--card);
  border: 1px solid var(--line);
  border-radius: 6px;
  padding: 5px 10px;
  max-width: 100%;
}
.tools {
  display: flex;
  flex-wrap: wrap;
  gap: 6px;
  align-items: center;
  margin: 10px 0;
}
.tools button {
  cursor: pointer;
  min-width: 36px;
  min-height: 34px;
}
.tools button:hover {
  border-color: var(--accent);
}
.stage {
  position: relative;
}
.stage canvas {
  display: block;
  width: 100%;
  height: 440px;
  touch-action: pan-y;
  cursor: crosshair;
}
.readout {
  font-size: 13px;
  color: var(--soft);
  min-height: 3.2em;
  margin: 6px 0 0;
  overflow-wrap: anywhere;
}
code,
.command {
  font:
    13px/1.5 ui-monospace,
    SFMono-Regular,
    Menlo,
    Consolas,
    monospace;
}
.command {
  display: block;
  background: var(--faint);
  border-radius: 6px;
  padding: 10px 12px;
  margin: 10px 0 0;
  white-space: pre-wrap;
  overflow-wrap: anywhere;
  user-select: all;
}
.point {
  border-top: 1px solid var(--line);
  margin-top: 16px;
  padding-top: 12px;
}
.point .facts {
  grid-template-columns: repeat(auto-fill, minmax(150px, 1fr));
  gap: 8px 18px;
  font-size: 13.5px;
}
.big {
  font-size: 17px;
  max-width: 70ch;
}
.foot {
  color: var(--soft);
  font-size: 12.5px;
  margin: 22px 2px;
  overflow-wrap: anywhere;
}
#vg-tooltip-element {
  font:
    13px/1.45 ui-sans-serif,
    system-ui,
    sans-serif !important;
  background: var(--card) !important;
  color: var(--ink) !important;
  border: 1px solid var(--line) !important;
  max-width: min(320px, 90vw);
}
#vg-tooltip-element td.key {
  color: var(--soft) !important;
}
#vg-tooltip-element td {
  border: 0;
  white-space: normal;
  overflow-wrap: anywhere;
  padding: 1px 6px;
}
@media (max-width: 760px) {
  main {
    padding: 20px 12px;
  }
  section {
    padding: 16px 14px;
  }
  .scroll {
    margin: 12px -14px 0;
    padding: 0 14px;
    max-width: calc(100% + 28px);
  }
  .two,
  .pair {
    grid-template-columns: minmax(0, 1fr);
  }
  .two {
    gap: 18px 0;
  }
  h1 {
    font-size: 23px;
  }
  .cards {
    grid-template-columns: repeat(auto-fill, minmax(148px, 1fr));
    gap: 8px;
  }
  .card {
    padding: 10px 12px;
  }
  .card .value {
    font-size: 18px;
  }
  .stage canvas {
    height: 360px;
  }
  .life-row {
    grid-template-columns: 96px minmax(0, 1fr) 92px;
    gap: 6px;
  }
}
@media print {
  section,
  .card {
    break-inside: avoid;
  }
  body {
    background: #fff;
  }
}
`;
