import { setTimeout as pause } from 'node:timers/promises';
import { flawsOf, type Persistence } from '@video-proxy/core';
import { isRedisUnavailable } from '@video-proxy/redis';

/** Accepted jobs would not be safe in this Redis. The message says what is wrong and what to set. */
export class UnsafeStoreError extends Error {
  override readonly name = 'UnsafeStoreError';
}

const retryMs = 500;

/**
 * Waits until Redis answers, however long, and judges how it keeps jobs. In production a flaw is an error, elsewhere a
 * warning; what a hosted Redis does not tell is never more than a warning.
 *
 * @throws UnsafeStoreError
 */
export async function checkStore({
  persistence,
  production,
  warn,
}: {
  readonly persistence: () => Promise<Persistence>;
  readonly production: boolean;
  readonly warn: (finding: string) => void;
}): Promise<void> {
  const flaws = flawsOf(await whenAnswered(persistence));
  const sentences = flaws.map(({ code, finding, remedy }) => ({
    code,
    text: `Redis ${finding}. What to do: ${remedy}`,
  }));
  const errors = production ? sentences.filter(({ code }) => code !== 'unknown') : [];
  for (const sentence of sentences) if (!errors.includes(sentence)) warn(sentence.text);
  if (errors.length > 0) throw new UnsafeStoreError(errors.map(({ text }) => text).join('\n'));
}

async function whenAnswered<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!isRedisUnavailable(error)) throw error;
      // Nothing else may be running yet; a process that is to end must not wait for this.
      await pause(retryMs, undefined, { ref: false });
    }
  }
}
