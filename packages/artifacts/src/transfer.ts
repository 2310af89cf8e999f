import { type DownloadSaid, type Facts, type Found, type Said, said } from '@video-proxy/core';
import { OutboundRefusedError } from '@video-proxy/outbound';
import type { Dispatcher } from 'undici';

const redirectsMax = 5;
const redirectStatuses: readonly number[] = [301, 302, 303, 307, 308];

/** Why a file did not come: the message says how, without naming any address, and `said` what it is made from. */
class DownloadError extends Error {
  readonly said: Said;

  constructor(finding: string, code: DownloadSaid, facts: Facts = {}, options?: ErrorOptions) {
    super(finding, options);
    this.said = said(code, facts);
  }

  get found(): Found {
    return { finding: this.message, said: this.said };
  }
}

/** Thrown when the network, or the server at its other end, breaks off. */
export class TransferError extends DownloadError {
  override readonly name = 'TransferError';
  readonly code = 'transfer_broken';
}

/** Thrown when a link cannot lead to a file, however often it is tried. */
export class DeadLinkError extends DownloadError {
  override readonly name = 'DeadLinkError';
  readonly code = 'link_dead';
}

export interface TransferOptions {
  readonly agent: Dispatcher;
  readonly headers: Readonly<Record<string, string>>;
  /** Longest silence of the server, before and within the body. */
  readonly idleTimeoutMs: number;
  readonly signal: AbortSignal;
}

/**
 * One GET, redirects followed. Never HEAD, which signed links answer with 403 (recorded); no key and no cookies, since the
 * link is all the authority there is (recorded). Where a redirect may lead is decided by the agent, at each connection.
 */
export async function openTransfer(link: string, options: TransferOptions): Promise<Dispatcher.ResponseData> {
  let url = parseLink(link);
  for (let redirects = 0; redirects <= redirectsMax; redirects += 1) {
    const response = await get(url, options);
    if (!redirectStatuses.includes(response.statusCode)) return response;
    discard(response);
    url = parseLink(String(response.headers['location'] ?? ''), url);
  }
  throw new DeadLinkError(`The link redirects more than ${redirectsMax} times`, 'download_redirects', {
    times: redirectsMax,
  });
}

function parseLink(link: string, base?: URL): URL {
  const url = URL.parse(link, base?.href);
  if (url?.protocol === 'https:' || url?.protocol === 'http:') return url;
  throw new DeadLinkError('The link is not a web address', 'download_no_address');
}

async function get(
  url: URL,
  { agent, headers, idleTimeoutMs, signal }: TransferOptions,
): Promise<Dispatcher.ResponseData> {
  try {
    return await agent.request({
      origin: url.origin,
      path: url.pathname + url.search,
      method: 'GET',
      headers: { 'user-agent': 'video-proxy', accept: 'video/*, */*;q=0.5', 'accept-encoding': 'identity', ...headers },
      headersTimeout: idleTimeoutMs,
      bodyTimeout: idleTimeoutMs,
      signal,
    });
  } catch (error) {
    throw translated(error, signal);
  }
}

/** The body, with everything that can go wrong on the way told apart from what the reader of the chunks does wrong. */
export async function* chunksOf(response: Dispatcher.ResponseData, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  try {
    yield* response.body;
  } catch (error) {
    throw translated(error, signal);
  }
}

/** Hangs up on a body that nobody (or nobody any more) reads: a server must not keep us by sending on slowly. */
export function discard(response: Dispatcher.ResponseData): void {
  response.body.on('error', () => undefined).destroy();
}

const explanations: Readonly<Record<string, readonly [said: DownloadSaid, finding: string]>> = {
  UND_ERR_CONNECT_TIMEOUT: ['download_unconnected', 'The file server cannot be reached in time'],
  UND_ERR_HEADERS_TIMEOUT: ['download_unanswered', 'The file server does not answer'],
  UND_ERR_BODY_TIMEOUT: ['download_stopped', 'The file server stopped sending'],
  ENOTFOUND: ['download_unresolved', 'The name of the file server cannot be resolved'],
  EAI_AGAIN: ['download_unresolved_now', 'The name of the file server cannot be resolved at the moment'],
  ECONNREFUSED: ['download_refused', 'The file server refuses connections'],
};

function translated(error: unknown, signal: AbortSignal): unknown {
  if (signal.aborted) return signal.reason;
  if (error instanceof OutboundRefusedError) {
    const finding = `The link leads to ${error.message}, where this service does not go`;
    return new DeadLinkError(finding, 'download_forbidden_place', {}, { cause: error });
  }
  const code = error instanceof Error && 'code' in error ? String(error.code) : null;
  if (code === null) return error;
  // Only the code: the messages of network errors name hosts, and the provider's links stay with us.
  const broken = ['download_broken', `The connection to the file server broke (${code})`] as const;
  const [what, finding] = explanations[code] ?? broken;
  return new TransferError(finding, what, { error: code }, { cause: error });
}
