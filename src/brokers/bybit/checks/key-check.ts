import { isRow, shown } from '../wire/decoded.ts';
import type { Row } from '../wire/decoded.ts';
import type { Found } from './answer.ts';
import { line } from './check-line.ts';
import type { CheckLine } from './check-line.ts';

const DAY_MS = 86_400_000;
const NEAR_EXPIRY_DAYS = 14;
/** A key that does not expire is given a date of the beginning of time. */
const FIRST_EXPIRY_MS = Date.UTC(2018, 0, 1);

/** What the venue's refusals of a key mean. */
const REFUSALS: ReadonlyMap<number, string> = new Map([
  [10003, 'unknown here: invalid, or of another environment'],
  [10004, 'its secret does not fit'],
  [10005, 'it has no permission for this'],
  [10007, 'it could not be authenticated'],
  [10009, 'not served in this region'],
  [10010, 'not accepted from this address'],
  [10024, 'the account may not trade (compliance)'],
  [10027, 'the account may not trade (banned)'],
  [10028, 'the account is not a unified one'],
  [33004, 'it has expired'],
]);

/** Permissions that this program needs, and that no other use of the key is covered by. */
const NEEDED = ['Order', 'Position'] as const;
/** Groups by which money can leave the account. Whoever steals the key could take it. */
const MOVES_MONEY = [
  'Wallet',
  'FiatP2P',
  'FiatBitPay',
  'FiatBybitPay',
  'FiatConvertBroker',
  'FiatGlobalPay',
  'BitCard',
] as const;
const TRADING = ['ContractTrade', 'Derivatives'] as const;

/** The answer to /v5/user/query-api. A key that can do more than trade is refused. */
export function keyLines(found: Found, venueMs: number): CheckLine[] {
  if (!found.ok) {
    const why = REFUSALS.get(found.retCode);
    const text = why === undefined ? found.text : `${found.text}: ${why}`;
    return [line('API key', text, 'accepted', 'refuse')];
  }
  const { result } = found;
  const permissions = permissionsOf(result['permissions']);
  if (permissions === undefined)
    return [line('API key', 'its permissions cannot be read', 'a list of them', 'refuse')];
  return [
    line('API key', 'accepted', 'accepted', 'ok'),
    readOnlyLine(result),
    tradingLine(permissions),
    moneyLine(permissions),
    othersLine(permissions),
    addressLine(result['ips']),
    expiryLine(result, venueMs),
  ];
}

type Permissions = ReadonlyMap<string, readonly string[]>;

/** Undefined where any of it is not as documented: what is not understood is not allowed. */
function permissionsOf(value: unknown): Permissions | undefined {
  if (!isRow(value)) return undefined;
  const permissions = new Map<string, readonly string[]>();
  for (const [group, words] of Object.entries(value)) {
    if (words === null) continue;
    if (!Array.isArray(words) || !words.every((word) => typeof word === 'string')) return undefined;
    if (words.length > 0) permissions.set(group, words);
  }
  return permissions;
}

function readOnlyLine(result: Row): CheckLine {
  const { readOnly } = result;
  const found =
    readOnly === 0 ? 'reads and writes' : readOnly === 1 ? 'only reads' : shown(readOnly);
  return line('key writes', found, 'reads and writes', readOnly === 0 ? 'ok' : 'refuse');
}

function tradingLine(permissions: Permissions): CheckLine {
  const contract = permissions.get('ContractTrade') ?? [];
  const derivatives = permissions.get('Derivatives') ?? [];
  const may =
    NEEDED.every((word) => contract.includes(word)) || derivatives.includes('DerivativesTrade');
  const words = TRADING.flatMap((group) => permissions.get(group) ?? []);
  const found = words.length === 0 ? 'none' : words.map(shown).join(' ');
  return line('key trades contracts', found, NEEDED.join(' '), may ? 'ok' : 'refuse');
}

function moneyLine(permissions: Permissions): CheckLine {
  const words = MOVES_MONEY.flatMap((group) => permissions.get(group) ?? []);
  const found = words.length === 0 ? 'none' : words.map(shown).join(' ');
  return line('key moves money', found, 'none', words.length === 0 ? 'ok' : 'refuse');
}

function othersLine(permissions: Permissions): CheckLine {
  const known: readonly string[] = [...MOVES_MONEY, ...TRADING];
  const others = [...permissions.keys()].filter((group) => !known.includes(group));
  const found = others.length === 0 ? 'none' : others.map(shown).join(' ');
  return line('key does more', found, 'none', others.length === 0 ? 'ok' : 'warn');
}

function addressLine(ips: unknown): CheckLine {
  const bound =
    Array.isArray(ips) && ips.length > 0 && ips.every((ip) => typeof ip === 'string' && ip !== '*');
  const found = bound ? `${ips.length} of them` : 'any';
  return line('key’s addresses', found, 'bound to yours', bound ? 'ok' : 'warn');
}

function expiryLine({ expiredAt, deadlineDay }: Row, venueMs: number): CheckLine {
  const wanted = `more than ${NEAR_EXPIRY_DAYS} days`;
  const atMs = typeof expiredAt === 'string' ? Date.parse(expiredAt) : NaN;
  const days =
    atMs >= FIRST_EXPIRY_MS
      ? Math.floor((atMs - venueMs) / DAY_MS)
      : typeof deadlineDay === 'number' && deadlineDay > 0
        ? deadlineDay
        : Infinity;
  if (days === Infinity) return line('key expires', 'never', wanted, 'ok');
  if (days < 0) return line('key expires', 'it has expired', wanted, 'refuse');
  const verdict = days <= NEAR_EXPIRY_DAYS ? 'warn' : 'ok';
  return line('key expires', `in ${days} days`, wanted, verdict);
}
