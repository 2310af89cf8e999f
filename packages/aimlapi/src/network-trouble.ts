import { type CallSaid, type Remark, remark } from '@video-proxy/core';

/** Error codes of Node and undici, and the cause an operator can act on. First match wins. */
const causes: readonly (readonly [code: RegExp, said: CallSaid, cause: string])[] = [
  [/^(ENOTFOUND|EAI_\w+|ENODATA|ESERVFAIL)$/, 'call_unresolved', 'DNS: the name of the provider could not be resolved'],
  [/^ECONNREFUSED$/, 'call_refused', 'connection refused'],
  [/^(EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|ENETDOWN|EADDRNOTAVAIL)$/, 'call_unreachable', 'network unreachable'],
  [/^(ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT)$/, 'call_unconnected', 'timeout: no connection'],
  [/^UND_ERR_(HEADERS|BODY)_TIMEOUT$/, 'call_unanswered', 'timeout: no complete answer'],
  [
    /^(ERR_TLS_|ERR_SSL_|ERR_OSSL|EPROTO|CERT_|CRL_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|HOSTNAME_MISMATCH)/,
    'call_insecure',
    'TLS: no secure connection',
  ],
  [/^(ECONNRESET|EPIPE|ECONNABORTED|UND_ERR_SOCKET)$/, 'call_lost', 'connection lost'],
  [/^(HPE_|UND_ERR_HEADERS_OVERFLOW|UND_ERR_RES_CONTENT_LENGTH)/, 'call_not_http', 'the answer is not valid HTTP'],
  [/^UND_ERR_(DESTROYED|CLOSED)$/, 'call_closed_here', 'the connection was closed by this service'],
];

/** What went wrong on the way, in a few words with the error code. Built from the code alone: messages name hosts and headers. */
export function remarkOn(error: unknown): Remark {
  const code = codeOf(error);
  const [, what = 'call_failed', cause = 'connection failed'] = causes.find(([pattern]) => pattern.test(code)) ?? [];
  return code === '' ? remark(cause, what) : remark(`${cause} (${code})`, what, { error: code });
}

function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('code' in error)) return '';
  return typeof error.code === 'string' ? error.code : '';
}
