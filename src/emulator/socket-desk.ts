import type { HostEvent } from '../venue/host/host-event.ts';
import { SharedTopics } from '../venue/host/shared-topics.ts';
import { StreamConnection } from '../venue/host/stream-connection.ts';
import type { Dialect, OrderOverStream } from '../venue/host/stream-connection.ts';
import { spoiled } from '../venue/host/spoiled-frame.ts';
import type { CallDesk } from './call-desk.ts';
import { faultsThatStrike } from './faults/fault-kinds.ts';
import type { Stage } from './stage.ts';

/** What is wrong with a login or with the time on an order; undefined for nothing. */
export type Door = {
  refuseLogin(args: readonly unknown[]): string | undefined;
  refuseTime(header: Readonly<Record<string, unknown>>): string | undefined;
};

type Socket = {
  readonly number: number;
  readonly connection: StreamConnection;
  isSilent: boolean;
  echoes: boolean;
  /** Texts that were put on the wire, and texts that came. */
  said: number;
  heard: number;
};

export type Traffic = {
  readonly attempts: number;
  readonly open: number;
  readonly said: number;
  readonly heard: number;
};

const FRAME_FAULTS = faultsThatStrike('frame');
const MOST_LATE_MS = 15_000;
const RET_TIME_WINDOW = 10002;

/** The open sockets, and what the venue says on them. */
export class SocketDesk {
  readonly #stage: Stage;
  readonly #calls: CallDesk;
  readonly #door: Door;
  readonly #topics: SharedTopics;
  readonly #sockets = new Map<number, Socket>();
  readonly #attempts: Record<Dialect, number> = { private: 0, public: 0, trade: 0 };
  #opened = 0;

  constructor(stage: Stage, calls: CallDesk, door: Door) {
    this.#stage = stage;
    this.#calls = calls;
    this.#door = door;
    this.#topics = new SharedTopics(stage.host);
  }

  /** The socket's number; undefined where the attempt fails. */
  open(dialect: Dialect): number | undefined {
    const { dice, host } = this.#stage;
    this.#attempts[dialect] += 1;
    if (this.#stage.isPartitioned) return undefined;
    if (dice.oneOf(['connectFails'], `${dialect} connect`) !== undefined) return undefined;
    this.#opened += 1;
    const number = this.#opened;
    const connection = new StreamConnection(dialect, `c${number}`, host.category, {
      refuseLogin: (args) => this.#door.refuseLogin(args),
      listen: (topic) => this.#topics.listen(topic),
      forget: (topic) => {
        this.#topics.forget(topic);
      },
      nowMs: () => this.#stage.nowMs,
    });
    connection.isMute = dice.oneOf(['subscribeMute'], `${dialect} subscribe`) !== undefined;
    const echoes = dialect === 'private' && dice.oneOf(['secretEcho'], 'login') !== undefined;
    this.#sockets.set(number, { number, connection, isSilent: false, echoes, said: 0, heard: 0 });
    return number;
  }

  /** `frame` is parsed JSON; anything else is answered as a wrong op. */
  receive(number: number, frame: unknown): void {
    const socket = this.#sockets.get(number);
    if (socket === undefined) return;
    socket.heard += 1;
    if (socket.isSilent || this.#stage.isPartitioned) return;
    if (socket.echoes && isLogin(frame)) {
      socket.echoes = false;
      const body = { success: false, ret_msg: 'error:USVC1111', op: 'auth', request: frame };
      this.#say(socket, body);
      return;
    }
    for (const said of socket.connection.receive(frame)) {
      if (said.t === 'say') this.#say(socket, said.body);
      else this.#order(socket, said.order);
    }
  }

  /** The client, or the network, has closed it. */
  closed(number: number): void {
    this.#sockets.get(number)?.connection.close();
    this.#sockets.delete(number);
  }

  /** The venue closes what is open of a dialect; undefined: of all. */
  kill(dialect?: Dialect): void {
    for (const socket of [...this.#of(dialect)]) {
      this.closed(socket.number);
      this.#stage.deliver({ t: 'close', socket: socket.number });
    }
  }

  silence(dialect?: Dialect): void {
    for (const socket of this.#of(dialect)) socket.isSilent = true;
  }

  /** Of a dialect: attempts to connect, sockets open, texts that came and went on those. */
  traffic(dialect: Dialect): Traffic {
    const sum = { attempts: this.#attempts[dialect], open: 0, said: 0, heard: 0 };
    for (const { said, heard } of this.#of(dialect)) {
      sum.open += 1;
      sum.said += said;
      sum.heard += heard;
    }
    return sum;
  }

  tell(event: Exclude<HostEvent, { t: 'reply' }>): void {
    for (const socket of this.#sockets.values()) {
      const { connection } = socket;
      if (event.t === 'public') {
        if (connection.dialect === 'public' && connection.topics.has(event.topic))
          this.#say(socket, event.body);
      } else if (connection.dialect === 'private') this.#tellPrivate(socket, event);
    }
  }

  #tellPrivate(socket: Socket, event: Extract<HostEvent, { t: 'private' }>): void {
    const topic = socket.connection.nameOf(event.topic);
    if (topic !== undefined) this.#frame(socket, event.topic, { ...event.body, topic });
    const fast =
      event.topic === 'execution' ? socket.connection.nameOf('execution.fast') : undefined;
    if (fast !== undefined) this.#say(socket, fastFrame(event.body, fast));
  }

  #frame(socket: Socket, topic: string, body: object): void {
    const { dice, agenda, nowMs } = this.#stage;
    const strike = dice.oneOf(FRAME_FAULTS, topic);
    switch (strike?.fault) {
      case 'frameLost':
        return;
      case 'frameTwice':
        this.#say(socket, body);
        this.#say(socket, body);
        return;
      case 'frameLate': {
        const lateMs = strike.delayMs ?? dice.chance('frameLate').between(100, MOST_LATE_MS);
        const act = (): void => {
          if (this.#sockets.has(socket.number)) this.#say(socket, body);
        };
        agenda.put(nowMs + lateMs, { t: 'later', act });
        return;
      }
      case 'fieldMissing':
      case 'enumUnknown':
        this.#say(socket, spoiled(body, strike.fault, dice.chance(strike.fault)));
        return;
      default:
        this.#say(socket, body);
    }
  }

  #order(socket: Socket, order: OrderOverStream): void {
    const { connection } = socket;
    const answer = (status: number, body: unknown, headers: object): void => {
      if (!this.#sockets.has(socket.number) || status !== 200 || !isEnvelope(body)) return;
      const { retCode, retMsg, result } = body;
      const told = { retCode, retMsg, data: result, header: headers };
      this.#say(socket, connection.orderAnswer(order, told));
    };
    const late = this.#door.refuseTime(order.header);
    if (late !== undefined) {
      answer(200, { retCode: RET_TIME_WINDOW, retMsg: late, result: {} }, {});
      return;
    }
    this.#calls.order(order.path, order.params, answer, () => {
      this.kill('trade');
    });
  }

  #say(socket: Socket, body: unknown): void {
    if (socket.isSilent || this.#stage.isPartitioned) return;
    socket.said += 1;
    const text = JSON.stringify(body);
    this.#stage.deliver({ t: 'say', socket: socket.number, text });
  }

  *#of(dialect: Dialect | undefined): Iterable<Socket> {
    for (const socket of this.#sockets.values())
      if (dialect === undefined || socket.connection.dialect === dialect) yield socket;
  }
}

/** Trades only, without fees, under a topic of its own. */
function fastFrame(body: Readonly<Record<string, unknown>>, topic: string): object {
  const rows: readonly unknown[] = Array.isArray(body['data']) ? body['data'] : [];
  const data = rows.filter(isRow).flatMap((row) => {
    if (row['execType'] !== 'Trade') return [];
    const { category, symbol, execId, execPrice, execQty, orderId, isMaker, side, execTime, seq } =
      row;
    const orderLinkId = isMaker === true ? '' : row['orderLinkId'];
    const kept = { category, symbol, execId, execPrice, execQty, orderId, isMaker };
    return [{ ...kept, orderLinkId, side, execTime, seq }];
  });
  return { topic, creationTime: body['creationTime'], data };
}

function isRow(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function isLogin(frame: unknown): boolean {
  return isRow(frame) && frame['op'] === 'auth';
}

function isEnvelope(
  body: unknown,
): body is { readonly retCode: number; readonly retMsg: string; readonly result: object } {
  return isRow(body) && typeof body['retCode'] === 'number';
}
