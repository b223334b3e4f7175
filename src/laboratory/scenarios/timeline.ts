import type { Input } from '../../live/session/protocol.ts';
import type { OrderTruth, Truth } from '../../venue/exchange/records.ts';
import type { Belief } from '../bot.ts';
import type { Observer } from '../observer.ts';

type Row = { readonly atMs: number; readonly column: Column; readonly text: string };
type Column = 'exchange' | 'surface' | 'belief' | 'sent';

/** What happened at the exchange, what each surface showed of it, and what was believed then. */
export class Timeline implements Observer {
  readonly #rows: Row[] = [];
  readonly #shown = new Map<OrderTruth, string>();
  readonly #names = new Map<string, string>();
  #executions = 0;
  #belief = '';

  truth(atMs: number, truth: Truth): void {
    for (const order of truth.orders) {
      const name = nameOf(order);
      if (name === '') continue;
      this.#names.set(order.orderId, name);
      const { status, filledSteps, qtySteps, cancelType } = order;
      const why = cancelType === 'UNKNOWN' || cancelType === '' ? '' : ` ${cancelType}`;
      const text = `${name} ${status} ${filledSteps}/${qtySteps}${why}`;
      if (this.#shown.get(order) === text) continue;
      this.#shown.set(order, text);
      this.#add(atMs, 'exchange', text);
    }
    for (; this.#executions < truth.executions.length; this.#executions += 1) {
      const execution = truth.executions[this.#executions];
      if (execution === undefined) continue;
      const { execType, orderId, orderLinkId, side, qtySteps, priceTicks } = execution;
      const steps = side * qtySteps;
      this.#add(
        atMs,
        'exchange',
        `${execType} ${this.#names.get(orderId) ?? orderLinkId} ${steps} at ${priceTicks} ticks`,
      );
    }
  }

  sent(atMs: number, path: string, params: Readonly<Record<string, unknown>>): void {
    const linkId = params['orderLinkId'];
    if (typeof linkId === 'string') this.#add(atMs, 'sent', `${path} ${linkId}`);
  }

  input(atMs: number, input: Input): void {
    if (input.t === 'frame') this.#rowsOf(atMs, `ws ${topicOf(input.body)}`, input.body, 'data');
    else if (input.t === 'reply') this.#reply(atMs, input.status, input.body);
    else if (input.t === 'failed') this.#add(atMs, 'surface', `call ${input.call}: ${input.why}`);
  }

  belief(atMs: number, belief: Belief): void {
    if (belief.says === this.#belief) return;
    this.#belief = belief.says;
    this.#add(atMs, 'belief', belief.says);
  }

  died(atMs: number, why: string): void {
    this.#add(atMs, 'belief', `(the process dies: ${why})`);
  }

  /** Seconds since the start, one line a fact; the columns side by side. */
  lines(startMs: number, most: number): readonly string[] {
    const shown = this.#rows.slice(0, most).map(({ atMs, column, text }) => {
      const seconds = ((atMs - startMs) / 1_000).toFixed(3).padStart(10);
      return `${seconds}  ${column.padEnd(8)}  ${text}`;
    });
    const left = this.#rows.length - shown.length;
    return left > 0 ? [...shown, `${' '.repeat(12)}(${left} more)`] : shown;
  }

  #reply(atMs: number, status: number, body: unknown): void {
    if (status !== 200 || !isRecord(body)) {
      this.#add(atMs, 'surface', `answer HTTP ${status}, not an envelope`);
      return;
    }
    const { result } = body;
    if (isRecord(result) && typeof result['orderLinkId'] === 'string') {
      this.#add(atMs, 'surface', `ack ${result['orderLinkId']} ${String(body['retCode'])}`);
    } else if (body['retCode'] !== 0) {
      this.#add(atMs, 'surface', `answer ${String(body['retCode'])} ${String(body['retMsg'])}`);
    } else this.#rowsOf(atMs, 'rest', result, 'list');
  }

  #rowsOf(atMs: number, surface: string, body: unknown, field: string): void {
    if (!isRecord(body) || !Array.isArray(body[field])) return;
    for (const row of body[field] as readonly unknown[]) {
      if (!isRecord(row) || typeof row['orderLinkId'] !== 'string') continue;
      const what =
        row['execId'] === undefined
          ? `${String(row['orderStatus'])} ${String(row['cumExecQty'])}/${String(row['qty'])}`
          : `${String(row['execType'])} ${String(row['execQty'])} at ${String(row['execPrice'])}`;
      this.#add(atMs, 'surface', `${surface} ${row['orderLinkId']} ${what}`);
    }
  }

  #add(atMs: number, column: Column, text: string): void {
    this.#rows.push({ atMs, column, text });
  }
}

/** What came with an entry has no link id of its own. */
function nameOf({ orderLinkId, parentLinkId, stopOrderType }: OrderTruth): string {
  return parentLinkId === '' ? orderLinkId : `${stopOrderType} of ${parentLinkId}`;
}

function topicOf(body: unknown): string {
  return isRecord(body) && typeof body['topic'] === 'string' ? body['topic'] : 'control';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
