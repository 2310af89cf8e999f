import { openaiError, openaiVideo } from '@video-proxy/contracts';
import { expect } from 'vitest';
import { clientKey, type RunningApi } from './running-api.ts';

/** The smallest picture there is. */
export const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
export const prompt = 'a red balloon over the sea';

export async function video(response: Response) {
  expect(response.status).toBe(200);
  return openaiVideo.parse(await response.json());
}

export async function error(response: Response) {
  return { status: response.status, ...openaiError.parse(await response.json()).error };
}

/** Parts in the order given, as an SDK sends them. */
export function sendForm(
  api: RunningApi,
  parts: readonly (readonly [string, string | File])[],
  { path = '/v1/videos', headers = {} }: { path?: string; headers?: Record<string, string> } = {},
): Promise<Response> {
  const form = new FormData();
  for (const [name, value] of parts) form.append(name, value);
  const authorization = `Bearer ${clientKey}`;
  return fetch(api.url + path, { method: 'POST', headers: { authorization, ...headers }, body: form });
}
