import { ROLE_WORDS, ROLES_PER_SLOT } from '../../../engine/codes.ts';
import { InvariantError } from '../../../engine/invariant.ts';

/** What an orderLinkId of ours says. Unique for ever: the venue refuses one it has ever seen. */
export type LinkId = {
  /** Six of A-Z a-z 0-9 _ : which bot sent it. */
  readonly deployment: string;
  readonly slot: number;
  readonly cycle: number;
  /** Code of ROLE_WORDS. */
  readonly role: number;
  readonly attempt: number;
};

/** Bybit's limit. */
export const LINK_ID_MAX_LENGTH = 36;

const DEPLOYMENT = /^[A-Za-z0-9_]{6}$/;
const LINK_ID = /^ls-([A-Za-z0-9_]{6})-(0|[1-9]\d*)-(0|[1-9]\d*)-([a-z]+)-(0|[1-9]\d*)$/;

export function isDeployment(text: string): boolean {
  return DEPLOYMENT.test(text);
}

/** `ls-<deployment>-<slot>-<cycle>-<role>-<attempt>`; what does not fit is an error, never cut. */
export function formatLinkId(id: LinkId): string {
  const role = ROLE_WORDS[id.role];
  const text = `ls-${id.deployment}-${id.slot}-${id.cycle}-${role ?? ''}-${id.attempt}`;
  if (role === undefined || text.length > LINK_ID_MAX_LENGTH || !LINK_ID.test(text)) {
    throw new InvariantError(`order link id ${text} (${text.length} characters, role ${id.role})`);
  }
  return text;
}

/** Undefined where the text is not one of ours, whoever wrote it. */
export function parseLinkId(text: string): LinkId | undefined {
  const match = text.length <= LINK_ID_MAX_LENGTH ? LINK_ID.exec(text) : null;
  if (match === null) return undefined;
  const [, deployment = '', slot, cycle, word = '', attempt] = match;
  const role = ROLE_WORDS.findIndex((known) => known === word);
  const id = {
    deployment,
    slot: Number(slot),
    cycle: Number(cycle),
    role,
    attempt: Number(attempt),
  };
  const exact = [id.slot, id.cycle, id.attempt].every(Number.isSafeInteger);
  return role >= 0 && exact ? id : undefined;
}

/** The engine's number of the order that a link id names. */
export function orderIdOf(id: LinkId, keyCount: number): number {
  return id.attempt * keyCount + id.slot * ROLES_PER_SLOT + id.role;
}
