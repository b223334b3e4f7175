import type { CallFailure } from '../transport.ts';

/** Before any connection stood: no byte of the request has left. */
const NEVER_SENT: readonly string[] = [
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'EADDRNOTAVAIL',
  'ERR_INVALID_URL',
  // The venue could not prove who it is: the request waits for that proof.
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'ERR_TLS_CERT_ALTNAME_INVALID',
];
const TIMED_OUT: readonly string[] = ['ECONNABORTED', 'ETIMEDOUT', 'ERR_CANCELED'];

/**
 * What a thrown value proves about the request. Only its codes are read: the SDK's errors carry
 * headers, key and secret, and go no further than this function.
 */
export function failureOfThrown(thrown: unknown): CallFailure {
  const code = textOf(thrown, 'code');
  const cause = Reflect.get(Object(thrown), 'cause') as unknown;
  const connecting =
    textOf(thrown, 'syscall') === 'connect' || textOf(cause, 'syscall') === 'connect';
  if (connecting || NEVER_SENT.includes(code) || NEVER_SENT.includes(textOf(cause, 'code')))
    return 'refused';
  return TIMED_OUT.includes(code) ? 'timeout' : 'reset';
}

function textOf(value: unknown, name: string): string {
  if (typeof value !== 'object' || value === null) return '';
  const field: unknown = Reflect.get(value, name);
  return typeof field === 'string' ? field : '';
}
