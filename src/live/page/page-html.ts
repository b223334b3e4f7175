import { isoTime } from '../../feeds/csv-time.ts';
import type { LiveStatus } from '../shell/status.ts';
import { heldText, shown } from '../watch/status-lines.ts';

const REFRESH_S = 5;

/** The whole page as the server has it: no script runs in it, and it loads itself again. */
export function statusHtml(status: LiveStatus, formToken: string): string {
  const { state, symbol, environment, deployment = '', strategy = '' } = status;
  const title = `${state} ${symbol}`;
  return page(
    title,
    `<meta http-equiv="refresh" content="${REFRESH_S}">`,
    `<header><p class="state ${state.toLowerCase()}">${text(state)}</p>
<h1>${text(symbol)} <small>${text(`${strategy} ${deployment} on ${environment}`)}</small></h1>
${haltForm(status, formToken)}</header>
<main>
${concessions(status)}
${pairs('Position', positionRows(status))}
${pairs('Market', marketRows(status))}
${pairs('Money', moneyRows(status))}
${ordersTable(status)}
${slotsTable(status)}
${pairs(
  'Latency, median ms',
  Object.entries(status.latencyMs).map(([leg, ms]) => [leg, shown(ms)]),
)}
${alarmsTable(status)}
${pairs('Process', processRows(status))}
</main>`,
  );
}

export function loginHtml(said: string): string {
  return page(
    'Lockstep',
    '',
    `<main class="login"><h1>Lockstep</h1>
<form method="post" action="/login">
<label for="token">Token (in the state folder's page-token)</label>
<input id="token" name="token" type="password" autocomplete="off" required autofocus>
<button type="submit">Show the status</button>
<p role="alert">${text(said)}</p>
</form></main>`,
  );
}

function page(title: string, head: string, body: string): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${text(title)}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">${head}
<link rel="stylesheet" href="/page.css"></head>
<body>${body}</body></html>
`;
}

function haltForm({ state, end }: LiveStatus, formToken: string): string {
  if (end !== undefined) return `<p class="note">${text(end)}</p>`;
  if (state === 'HALTED') return '<p class="note">Halted. lockstep resume lets it enter again.</p>';
  return `<form method="post" action="/halt">
<input type="hidden" name="form" value="${text(formToken)}">
<button class="halt" type="submit">Halt</button>
<p class="note">Cancels entries; exits stay.</p></form>`;
}

function concessions({ concessions: lines = [] }: LiveStatus): string {
  return lines.length === 0 ? '' : `<ul class="concessions">${lines.map(item).join('')}</ul>`;
}

function item(line: string): string {
  return `<li>${text(line)}</li>`;
}

type Row = readonly [name: string, value: string];

function positionRows(status: LiveStatus): Row[] {
  const { position, liquidation, entriesStopped, unknownOrders } = status;
  return [
    ['position', heldText(position)],
    ['venue, steps', shown(position.venueSteps)],
    ['liquidation', shown(liquidation.price)],
    ['distance to it, %', shown(liquidation.distancePercent)],
    ['entries stopped', entriesStopped.length === 0 ? 'no' : entriesStopped.join(', ')],
    ['unknown orders', String(unknownOrders)],
  ];
}

function marketRows({ price, spacing, toNextLevel, toExit, lastFill, fills }: LiveStatus): Row[] {
  const when = lastFill.atMs === null ? '' : ` at ${isoTime(lastFill.atMs)}`;
  return [
    ['price', shown(price)],
    ['last fill', `${shown(lastFill.price)}${when}`],
    ['fills', String(fills)],
    ['spacing', shown(spacing)],
    ['to the next level', shown(toNextLevel)],
    ['to the exit', shown(toExit)],
  ];
}

function moneyRows({ money }: LiveStatus): Row[] {
  const { settle, realised, unrealised, fees, funding } = money;
  return [
    ['realised', `${shown(realised)} ${settle}`],
    ['unrealised', `${shown(unrealised)} ${settle}`],
    ['fees', `${shown(fees)} ${settle}`],
    ['funding', `${shown(funding)} ${settle}`],
  ];
}

function processRows(status: LiveStatus): Row[] {
  const { atMs, run, pid, journalSeq, streams, version = '', configHash = '' } = status;
  return [
    ['as of', isoTime(atMs)],
    ['run', String(run)],
    ['process', String(pid)],
    ['journal records', String(journalSeq)],
    ['private stream', streams.private],
    ['public stream', streams.public],
    ['version', version],
    ['deployment hash', configHash.slice(0, 16)],
  ];
}

function pairs(title: string, rows: readonly Row[]): string {
  const cells = rows.map(([name, value]) => `<dt>${text(name)}</dt><dd>${text(value)}</dd>`);
  return `<section><h2>${text(title)}</h2><dl>${cells.join('')}</dl></section>`;
}

function ordersTable({ orders }: LiveStatus): string {
  const head = ['role', 'slot', 'side', 'quantity', 'price', 'filled', 'state'];
  const rows = orders.map(({ role, slot, side, qty, price, filled, state }) => [
    role,
    String(slot),
    side,
    qty,
    price,
    filled,
    state,
  ]);
  return table('Orders', head, rows);
}

function slotsTable({ slots }: LiveStatus): string {
  const head = ['slot', 'state', 'reason', 'since', 'level'];
  const rows = slots.map(({ slot, state, reason, reasonSinceMs, level }) => [
    String(slot),
    state,
    reason,
    reasonSinceMs === null ? '' : isoTime(reasonSinceMs),
    shown(level),
  ]);
  return table('Slots', head, rows);
}

function alarmsTable({ alarms, alarmCount }: LiveStatus): string {
  const rows = alarms.toReversed().map(({ atMs, code, text: said }) => [isoTime(atMs), code, said]);
  return table(`Alarms of this run: ${alarmCount}`, ['time', 'code', 'text'], rows);
}

function table(
  title: string,
  head: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const cells = (tag: 'td' | 'th', row: readonly string[]): string =>
    `<tr>${row.map((cell) => `<${tag}>${text(cell)}</${tag}>`).join('')}</tr>`;
  const body = rows.map((row) => cells('td', row)).join('');
  const shownRows = rows.length === 0 ? '<p class="none">none</p>' : '';
  const whole = `<table><thead>${cells('th', head)}</thead><tbody>${body}</tbody></table>`;
  return `<section class="wide"><h2>${text(title)}</h2>${rows.length === 0 ? shownRows : whole}</section>`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function text(value: string): string {
  return value.replace(/[&<>"']/g, (each) => ENTITIES[each] ?? '');
}
