/** What can go wrong between a client and the emulated venue, by what it strikes. */
// prettier-ignore
export const WIRE_FAULTS = {
  requestLost: { strikes: 'call', says: 'a request never arrives' },
  requestSlow: { strikes: 'call', says: 'a request arrives up to 12 s late' },
  requestTwice: { strikes: 'call', says: 'a request arrives twice' },
  replyLost: { strikes: 'call', says: 'a request was applied, its reply is lost' },
  replySlow: { strikes: 'call', says: 'a reply comes up to 12 s late' },
  connectionReset: { strikes: 'call', says: 'a request was applied, its connection is cut' },
  htmlBefore: { strikes: 'call', says: 'HTTP 502 with HTML, nothing was done' },
  htmlAfter: { strikes: 'call', says: 'HTTP 502 with HTML, all the same it was done' },
  bodyCut: { strikes: 'call', says: 'the body ends in the middle' },
  busyBefore: { strikes: 'call', says: '10016, nothing was done' },
  busyAfter: { strikes: 'call', says: '10016 or 10000, all the same it was done' },
  limitWithReset: { strikes: 'call', says: '10006 with the time of its reset' },
  limitBare: { strikes: 'call', says: '10006 without a header' },
  refusal: { strikes: 'call', says: 'a definitive refusal of a write, nothing was done' },
  frameLost: { strikes: 'frame', says: 'a private frame is lost' },
  frameTwice: { strikes: 'frame', says: 'a private frame comes twice' },
  frameLate: { strikes: 'frame', says: 'a private frame comes up to 15 s late, after newer ones' },
  fieldMissing: { strikes: 'frame', says: 'a private frame lacks a field' },
  enumUnknown: { strikes: 'frame', says: 'a private frame has a word nobody knows' },
  connectFails: { strikes: 'connection', says: 'a connection attempt fails' },
  subscribeMute: { strikes: 'connection', says: 'a subscription has no ack and no effect' },
  secretEcho: { strikes: 'connection', says: 'a refused login echoes what it was sent' },
  ipBan: { strikes: 'hour', says: 'HTTP 403 to everything for ten minutes' },
  partition: { strikes: 'hour', says: 'nothing passes for 5 s to 3 min' },
  socketDies: { strikes: 'hour', says: 'one socket closes' },
  socketSilent: { strikes: 'hour', says: 'one socket stays open and says nothing more' },
  surfaceStale: { strikes: 'hour', says: 'one REST surface stands still for 1 to 15 s' },
  cacheWiped: { strikes: 'hour', says: 'the exchange restarts: sockets close, closed orders are forgotten' },
  handTrade: { strikes: 'hour', says: 'a person trades by hand, and back' },
  unknownExecution: { strikes: 'hour', says: 'an execution of a type nobody knows' },
  priceGap: { strikes: 'hour', says: 'for a ms the price stands 2 % away' },
} as const satisfies Readonly<Record<string, { strikes: WireFaultStrikes; says: string }>>;

export type WireFaultStrikes = 'call' | 'frame' | 'connection' | 'hour';
export type WireFault = keyof typeof WIRE_FAULTS;

export const WIRE_FAULT_KINDS = Object.keys(WIRE_FAULTS) as readonly WireFault[];

export function faultsThatStrike(what: WireFaultStrikes): readonly WireFault[] {
  return WIRE_FAULT_KINDS.filter((kind) => WIRE_FAULTS[kind].strikes === what);
}
