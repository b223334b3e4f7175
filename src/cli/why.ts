import type { Argv } from 'yargs';
import { InputError } from '../engine/invariant.ts';
import { REASONS } from '../engine/reasons.ts';
import { decimalDigits } from '../engine/rational.ts';
import { isoTime } from '../feeds/csv-time.ts';
import { momentOf } from '../sweep/outputs/moment.ts';
import type { RunMoment, SlotMoment, WorkingOrder } from '../sweep/outputs/moment.ts';
import { RunFolder } from '../sweep/outputs/read-run.ts';
import type { CsvRow, RunManifest } from '../sweep/outputs/read-run.ts';
import { instantOption, text, withDataDir } from './data-options.ts';
import { wholeValue } from './run-values.ts';
import { marketAt } from './why-price.ts';
import type { MarketMoment } from './why-price.ts';

type WhyArguments = {
  readonly run: string;
  readonly at: string;
  readonly slot: string | undefined;
  readonly json: boolean;
  readonly dataDir: string;
};

export function addWhyCommand(program: Argv): Argv {
  return program.command(
    'why <run>',
    'Say what a backtest was doing at one time, and why',
    (command) => withDataDir(command)
      .positional('run', { type: 'string', demandOption: true, describe: 'output folder' })
      .option('at', { ...text, demandOption: true, describe: 'ISO time or epoch ms' })
      .option('slot', { ...text, describe: 'only this slot' })
      .option('json', { type: 'boolean', default: false, describe: 'print as JSON' }) as unknown as
      Argv<WhyArguments>,
    (args) => why(args),
  );
}

async function why(args: WhyArguments): Promise<void> {
  const atMs = instantOption('at', args.at);
  const run = new RunFolder(args.run);
  const { manifest } = run;
  refuseOutside(manifest, atMs);
  const market = await marketAt(manifest, args.dataDir, atMs);
  const moment = momentOf(run, atMs);
  const slots = chosenSlots(moment, args.slot);
  const out = args.json ? jsonText(atMs, market, moment, slots)
    : whyText(manifest, atMs, market, moment, slots);
  process.stdout.write(`${out}\n`);
}

function refuseOutside({ startMs, endMs }: RunManifest, atMs: number): void {
  if (atMs >= startMs && atMs < endMs) return;
  throw new InputError(
    `--at ${isoTime(atMs)} is outside the run: it went from ${isoTime(startMs)} to ${isoTime(endMs)}`,
  );
}

function chosenSlots({ slots }: RunMoment, slot: string | undefined): readonly SlotMoment[] {
  if (slot === undefined) return slots;
  const wanted = wholeValue('--slot', slot, 0, slots.length - 1);
  return slots.filter((each) => each.slot === wanted);
}

function jsonText(
  atMs: number, market: MarketMoment, moment: RunMoment, slots: readonly SlotMoment[],
): string {
  const { lastFill, unknownFills } = moment;
  const answer = {
    schema: 'lockstep.why', version: 1, atMs, market, lastFill, unknownFills, slots,
  };
  return JSON.stringify(answer, undefined, 2);
}

function whyText(
  manifest: RunManifest, atMs: number, market: MarketMoment, moment: RunMoment,
  slots: readonly SlotMoment[],
): string {
  const { spec, instrument } = manifest;
  const digits = decimalDigits(instrument.tickSize);
  const { candle } = market;
  return [
    `${isoTime(atMs)}  ${spec.strategy} on ${spec.symbol}, path ${spec.path}, ` +
      `execution ${spec.execution.name}`,
    row('price', `${market.price.toFixed(digits)} ${instrument.quoteCurrency} (${market.basis})`),
    row('candle', `${isoTime(candle.openMs)}: open ${candle.open}, high ${candle.high}, ` +
      `low ${candle.low}, close ${candle.close}`),
    row('last fill', moment.lastFill === null ? 'none known yet' : fillWords(moment.lastFill)),
    ...moment.unknownFills.map((fill) => row('not known', `${fillWords(fill)}: on its way`)),
    ...slots.flatMap((slot) => slotLines(slot, market, digits)),
  ].join('\n');
}

function fillWords(fill: CsvRow): string {
  return `${fill['side']} ${fill['qty']} at ${fill['price']} (${fill['role']}, slot ` +
    `${fill['slot']}, ${isoTime(Number(fill['time_ms']))})`;
}

function slotLines(slot: SlotMoment, market: MarketMoment, digits: number): string[] {
  const { reason, orders, openQty } = slot;
  const lines = [`slot ${slot.slot}: ${slot.state}${openQty > 0 ? `, holding ${openQty}` : ''}`];
  if (reason === null) {
    lines.push(row('why', reasonWords('liquidated')));
  } else {
    lines.push(row('why', reasonWords(reason['code'] ?? '')));
    lines.push(row('since', `${isoTime(Number(reason['from_ms']))} until ` +
      isoTime(Number(reason['until_ms']))));
    if (reason['spacing'] !== '') lines.push(row('spacing', `${reason['spacing']} (then)`));
    const now = levelNow(orders);
    const level = now ?? reason['level'] ?? '';
    const since = now === undefined ? ' (then)' : '';
    if (level !== '') {
      lines.push(row('level', `${level}${since}, ${distance(level, market, digits)}`));
    }
  }
  lines.push(...(orders.length === 0 ? [row('orders', 'none')] : orders.map(orderLine)));
  return lines;
}

/** An order's own price is newer than the one noted when the reason began. */
function levelNow(orders: readonly WorkingOrder[]): string | undefined {
  return orders.find((order) => order.price !== null && order.role !== 'stop')?.price ?? undefined;
}

function distance(level: string, { price }: MarketMoment, digits: number): string {
  const gap = Number(level) - price;
  return `${Math.abs(gap).toFixed(digits)} ${gap >= 0 ? 'above' : 'below'} the price`;
}

function orderLine(order: WorkingOrder): string {
  const price = order.price === null ? '' : ` at ${order.price}`;
  const where = order.arrived ? '' : ', on its way';
  return row('order', `${order.role}: ${order.side} ${order.type} ${order.qty}${price}${where} ` +
    `(${order.orderLinkId})`);
}

function reasonWords(code: string): string {
  return `${code}: ${REASONS.find(([name]) => name === code)?.[1] ?? 'unknown reason'}`;
}

function row(name: string, value: string): string {
  return `  ${name.padEnd(10)} ${value}`;
}
