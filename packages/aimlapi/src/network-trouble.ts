/** Error codes of Node and undici, and the cause an operator can act on. First match wins. */
const causes: readonly (readonly [code: RegExp, cause: string])[] = [
  [/^(ENOTFOUND|EAI_\w+|ENODATA|ESERVFAIL)$/, 'DNS: the name of the provider could not be resolved'],
  [/^ECONNREFUSED$/, 'connection refused'],
  [/^(EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|ENETDOWN|EADDRNOTAVAIL)$/, 'network unreachable'],
  [/^(ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT)$/, 'timeout: no connection'],
  [/^UND_ERR_(HEADERS|BODY)_TIMEOUT$/, 'timeout: no complete answer'],
  [
    /^(ERR_TLS_|ERR_SSL_|ERR_OSSL|EPROTO|CERT_|CRL_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|HOSTNAME_MISMATCH)/,
    'TLS: no secure connection',
  ],
  [/^(ECONNRESET|EPIPE|ECONNABORTED|UND_ERR_SOCKET)$/, 'connection lost'],
  [/^(HPE_|UND_ERR_HEADERS_OVERFLOW|UND_ERR_RES_CONTENT_LENGTH)/, 'the answer is not valid HTTP'],
  [/^UND_ERR_(DESTROYED|CLOSED)$/, 'the connection was closed by this service'],
];

/** What went wrong on the way, in a few words with the error code. Built from the code alone: messages name hosts and headers. */
export function findingOf(error: unknown): string {
  const code = codeOf(error);
  const cause = causes.find(([pattern]) => pattern.test(code))?.[1] ?? 'connection failed';
  return code === '' ? cause : `${cause} (${code})`;
}

function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('code' in error)) return '';
  return typeof error.code === 'string' ? error.code : '';
}
