/** The look of both reports. Colours are variables, so that the charts can read them too. */
export const STYLE = `
:root{color-scheme:light dark;
--bg:#f5f6f4;--card:#fff;--ink:#16211f;--soft:#55625f;--line:#dde2df;--faint:#ecefed;
--accent:#1f5fa8;--second:#8a6412;--third:#6b52a3;--profit:#0b7a63;--loss:#bf3f2c;--none:#c4cbc8;
--warn-bg:#fff5df;--warn-ink:#5f4200;--warn-line:#e4b64d;--loud-bg:#b3261e;--loud-ink:#fff;
--zero:#f1f1ec;--seq0:#e8eef5;--seq1:#0d3f78}
@media (prefers-color-scheme:dark){:root{
--bg:#101615;--card:#182120;--ink:#e8eeec;--soft:#a3b0ac;--line:#2c3836;--faint:#212b2a;
--accent:#78b0f2;--second:#dcae55;--third:#b8a2ee;--profit:#3cc3a3;--loss:#f08672;--none:#3d4a47;
--warn-bg:#332810;--warn-ink:#f6dfa8;--warn-line:#8d6d23;--loud-bg:#d1473c;--loud-ink:#fff;
--zero:#2a3331;--seq0:#1d2b3b;--seq1:#8fc2ff}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--bg);color:var(--ink);
font:15px/1.55 ui-sans-serif,system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",sans-serif;
font-variant-numeric:tabular-nums}
main{max-width:1180px;margin:0 auto;padding:32px 24px 24px}
h1{font-size:28px;line-height:1.2;margin:0 0 6px;letter-spacing:-.015em;overflow-wrap:anywhere}
h2{font-size:18px;line-height:1.3;margin:0 0 4px;letter-spacing:-.005em}
h3{font-size:14px;margin:20px 0 6px}
p{margin:0 0 10px}
.lead{font-size:16px;color:var(--soft);max-width:76ch;overflow-wrap:anywhere}
.note{color:var(--soft);font-size:13.5px;max-width:82ch}
.eyebrow{font-size:12px;letter-spacing:.08em;text-transform:uppercase;color:var(--soft);margin:0 0 6px}
section{background:var(--card);border:1px solid var(--line);border-radius:10px;
padding:20px 22px;margin:18px 0;min-width:0}
header.top{padding:4px 2px 0}
.facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(200px,1fr));gap:12px 24px;margin:18px 0 4px}
.facts div{min-width:0}
dt{font-size:12.5px;color:var(--soft)}
dd{margin:0;overflow-wrap:anywhere}
.synthetic{background:var(--loud-bg);color:var(--loud-ink);border-radius:8px;padding:12px 16px;margin:0 0 18px}
.synthetic strong{letter-spacing:.08em}
.warnings{list-style:none;margin:16px 0 0;padding:0;display:grid;gap:8px}
.warnings li{background:var(--warn-bg);color:var(--warn-ink);border-left:4px solid var(--warn-line);
border-radius:4px;padding:9px 14px;overflow-wrap:anywhere}
.cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(196px,1fr));gap:12px;margin:18px 0}
.card{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:13px 16px;min-width:0}
.card .label{font-size:13px;color:var(--soft)}
.card .value{font-size:21px;font-weight:620;letter-spacing:-.01em;line-height:1.3;overflow-wrap:anywhere}
.card .under{font-size:12.5px;color:var(--soft);overflow-wrap:anywhere}
.up{color:var(--profit)}.down{color:var(--loss)}
.two{display:grid;grid-template-columns:minmax(0,1fr) minmax(0,1fr);gap:0 18px}
.two section{margin:0}
.pair{display:grid;grid-template-columns:minmax(0,1fr) minmax(0,1fr);gap:8px 28px}
.row{margin:18px 0}
.chart,.chart.vega-embed{display:block;width:100%;min-width:0}
.chart.vega-embed .chart-wrapper,.chart svg,.chart canvas{max-width:100%}
.chart{margin-top:10px;overflow:hidden}
.legend{display:flex;flex-wrap:wrap;gap:4px 18px;font-size:13px;color:var(--soft);margin:8px 0 0}
.legend i{display:inline-block;width:18px;height:3px;border-radius:2px;margin-right:7px;vertical-align:middle}
.legend i.dash{background:repeating-linear-gradient(90deg,currentColor 0 5px,transparent 5px 8px)}
.scroll{overflow-x:auto;margin:12px -22px 0;padding:0 22px;max-width:calc(100% + 44px)}
.scroll:focus-visible,canvas:focus-visible,button:focus-visible,select:focus-visible{
outline:2px solid var(--accent);outline-offset:2px}
.scroll.tall{max-height:520px;overflow-y:auto}
table{border-collapse:collapse;width:100%;font-size:13.5px}
th,td{padding:6px 12px 6px 0;border-bottom:1px solid var(--faint);text-align:right;white-space:nowrap}
th{font-weight:600;color:var(--soft);border-bottom-color:var(--line);vertical-align:bottom}
.tall th{position:sticky;top:0;background:var(--card);z-index:1}
th.text,td.text{text-align:left}
td.wrap{white-space:normal;min-width:200px;overflow-wrap:anywhere;color:var(--soft)}
th button{font:inherit;color:inherit;background:none;border:0;padding:0;cursor:pointer;text-align:inherit}
th[aria-sort=ascending] button::after{content:" ▲";font-size:10px}
th[aria-sort=descending] button::after{content:" ▼";font-size:10px}
tr.pick{cursor:pointer}
tr.pick:hover td{background:var(--faint)}
.tag{font-size:11.5px;border:1px solid var(--line);border-radius:99px;padding:1px 8px;color:var(--soft)}
.controls{display:flex;flex-wrap:wrap;gap:10px 16px;align-items:end;margin:12px 0 4px}
.controls label{font-size:12.5px;color:var(--soft);display:grid;gap:3px;min-width:0;max-width:100%}
select,.tools button{font:inherit;font-size:14px;color:var(--ink);background:var(--card);
border:1px solid var(--line);border-radius:6px;padding:5px 10px;max-width:100%}
.tools{display:flex;flex-wrap:wrap;gap:6px;align-items:center;margin:10px 0}
.tools button{cursor:pointer;min-width:36px;min-height:34px}
.tools button:hover{border-color:var(--accent)}
.stage{position:relative}
.stage canvas{display:block;width:100%;height:440px;touch-action:pan-y;cursor:crosshair}
.readout{font-size:13px;color:var(--soft);min-height:3.2em;margin:6px 0 0;overflow-wrap:anywhere}
code,.command{font:13px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
.command{display:block;background:var(--faint);border-radius:6px;padding:10px 12px;margin:10px 0 0;
white-space:pre-wrap;overflow-wrap:anywhere;user-select:all}
.point{border-top:1px solid var(--line);margin-top:16px;padding-top:12px}
.point .facts{grid-template-columns:repeat(auto-fill,minmax(150px,1fr));gap:8px 18px;font-size:13.5px}
.big{font-size:17px;max-width:70ch}
.foot{color:var(--soft);font-size:12.5px;margin:22px 2px;overflow-wrap:anywhere}
#vg-tooltip-element{font:13px/1.45 ui-sans-serif,system-ui,sans-serif!important;background:var(--card)!important;
color:var(--ink)!important;border:1px solid var(--line)!important;max-width:min(320px,90vw)}
#vg-tooltip-element td.key{color:var(--soft)!important}
#vg-tooltip-element td{border:0;white-space:normal;overflow-wrap:anywhere;padding:1px 6px}
@media (max-width:760px){main{padding:20px 12px}section{padding:16px 14px}
.scroll{margin:12px -14px 0;padding:0 14px;max-width:calc(100% + 28px)}
.two,.pair{grid-template-columns:minmax(0,1fr)}.two{gap:18px 0}
h1{font-size:23px}.cards{grid-template-columns:repeat(auto-fill,minmax(148px,1fr));gap:8px}
.card{padding:10px 12px}.card .value{font-size:18px}.stage canvas{height:360px}}
@media print{section,.card{break-inside:avoid}body{background:#fff}}
`;
