import { sandboxApiKey } from '@video-proxy/sandbox';

export const videosPath = '/v2/video/generations';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as JSON; empty when it is none. */
  readonly json: Record<string, unknown>;
}

export interface CallOptions {
  readonly key?: string;
  readonly headers?: Record<string, string>;
  readonly timeoutMs?: number;
}

/** Calls the sandbox as a client of the provider does. */
export async function call(
  url: string,
  init: { readonly method?: string; readonly body?: string } & CallOptions = {},
): Promise<Answer> {
  const response = await fetch(url, {
    method: init.method ?? 'GET',
    headers: {
      authorization: `Bearer ${init.key ?? sandboxApiKey}`,
      ...(init.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...init.headers,
    },
    ...(init.body === undefined ? {} : { body: init.body }),
    signal: AbortSignal.timeout(init.timeoutMs ?? 10_000),
    redirect: 'manual',
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: jsonOf(text) };
}

export function create(origin: string, body: object, options: CallOptions = {}): Promise<Answer> {
  return call(origin + videosPath, { ...options, method: 'POST', body: JSON.stringify(body) });
}

/** A create request with these scenario words in its prompt. */
export function createWith(origin: string, words: string, options: CallOptions = {}): Promise<Answer> {
  return create(origin, { model: 'google/veo-3.1-t2v', prompt: `a cat [sandbox:${words}]`, duration: 4 }, options);
}

export function poll(origin: string, id: string, options: CallOptions = {}): Promise<Answer> {
  return call(`${origin}${videosPath}?generation_id=${encodeURIComponent(id)}`, options);
}

/** The id of a generation with these words, which is accepted. */
export async function acceptedId(origin: string, words: string): Promise<string> {
  const { json } = await createWith(origin, words);
  return String(json['id'] ?? json['generation_id']);
}

/** The address of the file of a generation that is finished at once. */
export async function fileUrl(origin: string, words: string): Promise<string> {
  return videoUrlOf((await poll(origin, await acceptedId(origin, `slow=0, ${words}`))).json);
}

export function videoUrlOf(body: Record<string, unknown>): string {
  const video = body['video'];
  return video !== null && typeof video === 'object' && 'url' in video ? String(video.url) : '';
}

function jsonOf(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
