/* The shapes the laboratory meets the session by, until the session's own are imported. */
export type Socket = 'private' | 'public';
export type RateHeaders = { readonly resetMs: number };
export type Input =
  | { t: 'boot'; atMs: number; run: number }
  | { t: 'open'; atMs: number; socket: Socket }
  | { t: 'close'; atMs: number; socket: Socket }
  | { t: 'frame'; atMs: number; socket: Socket; body: unknown }
  | { t: 'reply'; atMs: number; call: number; status: number; body: unknown; headers?: RateHeaders }
  | { t: 'failed'; atMs: number; call: number; why: 'timeout' | 'reset' | 'refused' }
  | { t: 'timer'; atMs: number }
  | { t: 'synced'; atMs: number; seq: number }
  | { t: 'diskFailed'; atMs: number; why: string }
  | { t: 'candle'; atMs: number; closeTicks: number; indicators: readonly number[] }
  | { t: 'control'; atMs: number; word: 'halt' | 'resume' | 'flatten' };
export type Effect =
  | { t: 'call'; call: number; method: 'GET' | 'POST'; path: string;
      params: Record<string, unknown>; timeoutMs: number }
  | { t: 'connect'; socket: Socket } | { t: 'disconnect'; socket: Socket }
  | { t: 'send'; socket: Socket; body: unknown }
  | { t: 'timer'; atMs: number }
  | { t: 'append'; seq: number; text: string }
  | { t: 'sync'; seq: number }
  | { t: 'alarm'; code: string; text: string };
export type Envelope = {
  retCode: number; retMsg: string; result: unknown; retExtInfo: unknown; time: number;
};

export type PrivateTopic = 'order' | 'execution' | 'position' | 'wallet';
export type Surface =
  | 'restOpenOrders' | 'restOrderHistory' | 'restExecutions' | 'restPosition' | 'restWallet'
  | 'restTransactionLog';
/** What the laboratory needs of an exchange. */
export type ExchangePort = {
  movePrice(atMs: number, lastTicks: number): void;
  advance(atMs: number): void;
  post(atMs: number, path: string, body: Readonly<Record<string, unknown>>): Envelope;
  get(atMs: number, path: string, query: Readonly<Record<string, unknown>>): Envelope;
  nextFrameMs(): number;
  takeFrame(): { atMs: number; topic: PrivateTopic; body: unknown };
  restart(atMs: number): void;
  stall(surface: Surface, untilMs: number): void;
  tradeByHand(atMs: number, side: 1 | -1, qtySteps: number): void;
  injectExecution(atMs: number, kind: string): void;
};
