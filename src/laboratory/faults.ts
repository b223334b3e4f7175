/**
 * The catalogue of faults (docs/faults.md). A fault strikes one kind of thing; its rate is a
 * chance for each of them, or a number of times an hour.
 */
export type FaultStrikes = 'call' | 'frame' | 'connection' | 'effect' | 'sync' | 'restart' | 'hour';

export type FaultFamily =
  | 'requests'
  | 'replies'
  | 'limits'
  | 'streams'
  | 'frames'
  | 'process'
  | 'clock'
  | 'disk'
  | 'surfaces'
  | 'account'
  | 'wire'
  | 'market';

type FaultSpec = {
  readonly family: FaultFamily;
  readonly strikes: FaultStrikes;
  /** Least and greatest rate a plan draws. */
  readonly rate: readonly [number, number];
  readonly says: string;
};

// prettier-ignore
export const FAULTS = {
  requestLost: { family: 'requests', strikes: 'call', rate: [0.002, 0.1], says: 'a request never arrives' },
  requestRefused: { family: 'requests', strikes: 'call', rate: [0.002, 0.1], says: 'no connection: the request was never sent' },
  requestSlow: { family: 'requests', strikes: 'call', rate: [0.005, 0.2], says: 'a request arrives up to 12 s late, perhaps after its caller gave up' },
  requestTwice: { family: 'requests', strikes: 'call', rate: [0.002, 0.05], says: 'a request arrives twice' },
  replyLost: { family: 'replies', strikes: 'call', rate: [0.002, 0.1], says: 'a request was applied, its reply is lost' },
  replySlow: { family: 'replies', strikes: 'call', rate: [0.005, 0.2], says: 'a reply arrives up to 12 s late' },
  htmlBefore: { family: 'replies', strikes: 'call', rate: [0.002, 0.05], says: 'HTTP 502 with HTML, nothing was done' },
  htmlAfter: { family: 'replies', strikes: 'call', rate: [0.002, 0.05], says: 'HTTP 502 with HTML, all the same it was done' },
  bodyCut: { family: 'replies', strikes: 'call', rate: [0.002, 0.05], says: 'the body ends in the middle' },
  busyBefore: { family: 'limits', strikes: 'call', rate: [0.002, 0.05], says: '10016, nothing was done' },
  busyAfter: { family: 'limits', strikes: 'call', rate: [0.002, 0.05], says: '10016 or 10000, all the same it was done' },
  limitWithReset: { family: 'limits', strikes: 'call', rate: [0.002, 0.05], says: '10006 with the time of its reset' },
  limitBare: { family: 'limits', strikes: 'call', rate: [0.002, 0.05], says: '10006 without a header' },
  refusal: { family: 'limits', strikes: 'call', rate: [0.002, 0.05], says: 'a definitive refusal, nothing was done' },
  ipBan: { family: 'limits', strikes: 'hour', rate: [0.1, 0.4], says: 'HTTP 403 to everything for ten minutes' },
  partition: { family: 'streams', strikes: 'hour', rate: [0.3, 3], says: 'nothing passes for 5 s to 3 min' },
  socketDies: { family: 'streams', strikes: 'hour', rate: [0.5, 12], says: 'one socket closes' },
  socketSilent: { family: 'streams', strikes: 'hour', rate: [0.5, 6], says: 'one socket stays open and says nothing more' },
  connectFails: { family: 'streams', strikes: 'connection', rate: [0.05, 0.5], says: 'a connection attempt fails' },
  subscribeMute: { family: 'streams', strikes: 'connection', rate: [0.02, 0.3], says: 'a subscription has no ack and no effect' },
  frameLost: { family: 'frames', strikes: 'frame', rate: [0.002, 0.1], says: 'a private frame is lost' },
  frameTwice: { family: 'frames', strikes: 'frame', rate: [0.005, 0.2], says: 'a private frame comes twice' },
  frameLate: { family: 'frames', strikes: 'frame', rate: [0.005, 0.2], says: 'a private frame comes up to 15 s late, after newer ones' },
  crash: { family: 'process', strikes: 'effect', rate: [0.0001, 0.001], says: 'the process dies before or after an effect' },
  stall: { family: 'process', strikes: 'hour', rate: [0.3, 3], says: 'the process stands still for 1 to 60 s' },
  clockSkew: { family: 'clock', strikes: 'restart', rate: [1, 1], says: 'the clock is off by up to 8 s' },
  clockStep: { family: 'clock', strikes: 'hour', rate: [0.2, 2], says: 'the clock jumps by up to 8 s' },
  clockDrift: { family: 'clock', strikes: 'restart', rate: [1, 1], says: 'the clock runs up to 200 ppm fast or slow' },
  syncSlow: { family: 'disk', strikes: 'sync', rate: [0.002, 0.05], says: 'a sync takes up to 20 s' },
  syncFails: { family: 'disk', strikes: 'sync', rate: [0.0005, 0.005], says: 'EIO: a sync fails, the process must not go on as if it were durable' },
  diskFull: { family: 'disk', strikes: 'hour', rate: [0.05, 0.3], says: 'no space for a minute' },
  bitFlip: { family: 'disk', strikes: 'restart', rate: [0.05, 0.5], says: 'one bit of the journal has changed before a start' },
  otherJournal: { family: 'disk', strikes: 'restart', rate: [0.05, 0.5], says: "another deployment's journal lies there at a start" },
  surfaceStale: { family: 'surfaces', strikes: 'hour', rate: [1, 20], says: 'one REST surface stands still for 1 to 15 s' },
  cacheWiped: { family: 'surfaces', strikes: 'hour', rate: [0.1, 1], says: 'the exchange restarts: the list of closed orders is empty' },
  handTrade: { family: 'account', strikes: 'hour', rate: [0.1, 0.3], says: 'a person trades by hand, and back' },
  unknownExecution: { family: 'account', strikes: 'hour', rate: [0.1, 0.3], says: 'an execution of a type nobody knows' },
  fieldMissing: { family: 'wire', strikes: 'frame', rate: [0.001, 0.02], says: 'a private frame lacks a field' },
  enumUnknown: { family: 'wire', strikes: 'frame', rate: [0.001, 0.01], says: 'a private frame has a word nobody knows' },
  secretEcho: { family: 'wire', strikes: 'connection', rate: [0.05, 0.3], says: 'a refused login echoes the request with its secret' },
  priceGap: { family: 'market', strikes: 'hour', rate: [0.3, 2], says: 'the price jumps across several levels' },
} as const satisfies Readonly<Record<string, FaultSpec>>;

export type FaultKind = keyof typeof FAULTS;

export const FAULT_KINDS = Object.keys(FAULTS) as readonly FaultKind[];

export const FAULT_FAMILIES: readonly FaultFamily[] = [
  ...new Set(FAULT_KINDS.map((kind) => FAULTS[kind].family)),
];

export function kindsOf(family: FaultFamily): readonly FaultKind[] {
  return FAULT_KINDS.filter((kind) => FAULTS[kind].family === family);
}
