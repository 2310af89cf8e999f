import { type Agent, request } from 'undici';

export interface JsonPoster {
  /** @returns null when the receiver has taken it, else why not, in words that name no address */
  post(url: string, body: object, signal: AbortSignal): Promise<string | null>;
}

/** Posts JSON to where the agent lets it. Redirects are not followed, and of the answer nothing but its status is looked at. */
export function openJsonPoster({
  agent,
  timeoutMs,
}: {
  readonly agent: Agent;
  readonly timeoutMs: number;
}): JsonPoster {
  return {
    async post(url, body, signal) {
      try {
        const answer = await request(url, {
          dispatcher: agent,
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(body),
          signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
        });
        answer.body.on('error', () => undefined).destroy();
        return answer.statusCode < 300 ? null : `status ${answer.statusCode}`;
      } catch (error) {
        signal.throwIfAborted();
        return reasonOf(error);
      }
    },
  };
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'no answer';
  if (error.name === 'TimeoutError') return 'no answer in time';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
