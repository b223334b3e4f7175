export const PAGE_CSS = `
:root { color-scheme: light dark; --line: #8884; --dim: #777; }
* { box-sizing: border-box; }
body { margin: 0; font: 14px/1.45 system-ui, sans-serif; }
header { display: flex; flex-wrap: wrap; align-items: center; gap: 8px 20px; padding: 14px 20px;
  border-bottom: 1px solid var(--line); }
header form, header .note { margin: 0 0 0 auto; }
header form { display: flex; align-items: center; gap: 12px; }
header form .note { margin: 0; }
h1 { font-size: 20px; margin: 0; }
h1 small { font-size: 14px; font-weight: normal; color: var(--dim); }
h2 { font-size: 14px; margin: 0 0 6px; }
.state { margin: 0; padding: 3px 10px; border-radius: 4px; font-weight: 600; color: #fff;
  background: #666; }
.trading { background: #187a3c; }
.halted, .failed, .stopped { background: #b3261e; }
.entries_stopped, .recovering { background: #9a5b00; }
.note, .none { color: var(--dim); }
.concessions { grid-column: 1 / -1; margin: 0; padding: 8px 8px 8px 28px; color: #fff;
  background: #9a5b00; border-radius: 4px; }
main { display: grid; gap: 18px 28px; padding: 18px 20px;
  grid-template-columns: repeat(auto-fit, minmax(300px, 1fr)); }
.wide { grid-column: 1 / -1; overflow-x: auto; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 2px 14px; margin: 0; }
dt { color: var(--dim); }
dd { margin: 0; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: 3px 14px 3px 0; border-bottom: 1px solid var(--line);
  vertical-align: top; overflow-wrap: anywhere; }
th { font-weight: normal; color: var(--dim); }
button { font: inherit; padding: 6px 16px; border: 1px solid var(--line); border-radius: 4px;
  cursor: pointer; }
button:focus-visible, input:focus-visible { outline: 2px solid #4a8cff; outline-offset: 2px; }
.halt { color: #fff; background: #b3261e; border-color: #b3261e; font-weight: 600; }
.login { display: block; max-width: 420px; margin: 60px auto; }
.login form { display: grid; gap: 10px; margin-top: 16px; }
.login input { font: inherit; padding: 6px; }
`;
