import { ALARM_CODES } from '../session/protocol.ts';
import { LIVE_STATES } from '../shell/status.ts';
import type { LiveStatus } from '../shell/status.ts';
import type { MeterBook } from './meter-book.ts';

type Labels = Readonly<Record<string, string>>;
type Sample = readonly [labels: Labels, value: number | null];

/** In Prometheus' text format, version 0.0.4. A number that does not exist has no line. */
export function metricsText(status: LiveStatus, meters: MeterBook, memoryBytes: number): string {
  const { position, money, liquidation } = status;
  return [
    gauge('info', 'What runs here.', [[infoOf(status), 1]]),
    gauge('state', 'One for the state it is in, else zero.', statesOf(status)),
    ...plainGauges({
      status_seconds: ["The process's clock at this status.", status.atMs / 1000],
      price: ['The last price known.', status.price],
      position_steps: [
        'Position by the ledger, in quantity steps; short is negative.',
        position.steps,
      ],
      venue_position_steps: ['Position as the venue last said it.', position.venueSteps],
      unknown_orders: ['Orders whose outcome is not known.', status.unknownOrders],
      open_orders: ['Orders that may stand.', status.orders.length],
      entries_stopped: ['Reasons for which entries are stopped.', status.entriesStopped.length],
      spacing: ['Spacing of the levels, in price.', status.spacing],
      next_level_distance: ['From the price to the nearest entry.', status.toNextLevel],
      exit_distance: ['From the price to the nearest exit.', status.toExit],
      liquidation_distance_percent: ['From the price to liquidation.', liquidation.distancePercent],
      realised_money: ['Realised profit, in the settle coin.', money.realised],
      unrealised_money: ['Unrealised profit, in the settle coin.', money.unrealised],
      fees_money: ['Fees, in the settle coin.', money.fees],
      funding_money: ['Funding, in the settle coin.', money.funding],
      last_fill_seconds: ['When the last fill was.', seconds(status.lastFill.atMs)],
      resident_memory_bytes: ['Memory of the process.', memoryBytes],
    }),
    gauge('stream_up', 'One while the stream is subscribed.', streamsOf(status)),
    gauge('latency_ms', 'Median of the latest orders, by leg.', latencyOf(status)),
    counter('fills_total', 'Executions in the journal.', [[{}, status.fills]]),
    counter('journal_records_total', 'Records of the journal.', [[{}, status.journalSeq]]),
    counter('candles_total', 'Closed candles since the start.', [[{}, meters.candles]]),
    counter('alarms_total', 'Alarms since the start.', alarmsOf(meters)),
    counter('frames_total', 'Frames taken in since the start.', socketsOf(meters.frames)),
    counter('closes_total', 'Sockets that closed since the start.', socketsOf(meters.closes)),
    counter('calls_total', 'Calls that are over, since the start.', callsOf(meters)),
  ].join('');
}

function infoOf(status: LiveStatus): Labels {
  const { symbol, environment, deployment = '', strategy = '', version = '' } = status;
  return { symbol, environment, deployment, strategy, version };
}

function statesOf({ state }: LiveStatus): Sample[] {
  return LIVE_STATES.map((each) => [{ state: each }, each === state ? 1 : 0]);
}

function streamsOf({ streams }: LiveStatus): Sample[] {
  return Object.entries(streams).map(([socket, state]) => [
    { socket },
    state === 'subscribed' ? 1 : 0,
  ]);
}

function latencyOf({ latencyMs }: LiveStatus): Sample[] {
  return Object.entries(latencyMs).map(([leg, ms]) => [{ leg }, ms]);
}

function alarmsOf({ alarms }: MeterBook): Sample[] {
  return ALARM_CODES.map((code) => [{ code }, alarms.get(code) ?? 0]);
}

function socketsOf(counts: Readonly<Record<string, number>>): Sample[] {
  return Object.entries(counts).map(([socket, count]) => [{ socket }, count]);
}

function callsOf({ calls }: MeterBook): Sample[] {
  return [...calls].flatMap(([path, outcomes]) =>
    [...outcomes].map(([outcome, count]): Sample => [{ path, outcome }, count]),
  );
}

function seconds(ms: number | null): number | null {
  return ms === null ? null : ms / 1000;
}

function plainGauges(
  all: Readonly<Record<string, readonly [help: string, number | null]>>,
): string[] {
  return Object.entries(all).map(([name, [help, value]]) => gauge(name, help, [[{}, value]]));
}

function gauge(name: string, help: string, samples: readonly Sample[]): string {
  return family(name, 'gauge', help, samples);
}

function counter(name: string, help: string, samples: readonly Sample[]): string {
  return family(name, 'counter', help, samples);
}

function family(name: string, type: string, help: string, samples: readonly Sample[]): string {
  const full = `lockstep_${name}`;
  const lines = samples.flatMap(([labels, value]) =>
    value === null || Number.isNaN(value) ? [] : [`${full}${labelText(labels)} ${value}`],
  );
  return [`# HELP ${full} ${help}`, `# TYPE ${full} ${type}`, ...lines, ''].join('\n');
}

function labelText(labels: Labels): string {
  const parts = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
  return parts.length === 0 ? '' : `{${parts.join(',')}}`;
}

function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
