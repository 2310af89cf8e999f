import type { VideoJobWire } from '@video-proxy/contracts';

/** What came back, with the job if that is what was asked for; or nothing: refused, reset, or no answer in time. */
export type Reply =
  | { readonly kind: 'answer'; readonly status: number; readonly headers: Headers; readonly job: VideoJobWire | null }
  | { readonly kind: 'nothing' };

export interface Request {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** Longer than the longest wait a client may ask for. */
const patienceMs = 30_000;

/** One request of a client that takes a failed connection for what it is: no answer. */
export async function exchange({ method, url, headers, body }: Request): Promise<Reply> {
  const payload = body === undefined ? {} : { body: JSON.stringify(body) };
  const type = body === undefined ? {} : { 'content-type': 'application/json' };
  try {
    const response = await fetch(url, {
      method,
      headers: { ...headers, ...type },
      ...payload,
      signal: AbortSignal.timeout(patienceMs),
    });
    const text = await response.text();
    const job = response.ok ? (JSON.parse(text) as VideoJobWire) : null;
    return { kind: 'answer', status: response.status, headers: response.headers, job };
  } catch {
    return { kind: 'nothing' };
  }
}
