import { setTimeout as pause } from 'node:timers/promises';
import type { Environment } from '@video-proxy/contracts';
import { LocalRedisError, startLocalRedis } from '@video-proxy/local-redis';
import { Problem } from '../problem.ts';

export interface EmbeddedRedisOptions {
  readonly dataDir: string;
  readonly environment: Environment;
  note(line: string): void;
  /** It runs again, at another address than before. */
  moved(url: string): void;
  failed(reason: string): void;
}

/** A crash loop ends here: the append-only file or the machine needs a person. */
const quickEndsMax = 5;
const quickEndMs = 60_000;
const restartPauseMs = 500;

/** The private Redis under DATA_DIR, started again when it dies. Every acknowledged change is in its append-only file. */
export async function keepRedisRunning(
  options: EmbeddedRedisOptions,
): Promise<{ readonly url: string; close(): Promise<void> }> {
  let redis = await open(options);
  const { url } = redis;
  const closing = new AbortController();

  const watch = async () => {
    let quickEnds = 0;
    while (quickEnds < quickEndsMax) {
      const startedMs = performance.now();
      const { requested, message } = await redis.exited;
      if (requested) return;
      quickEnds = performance.now() - startedMs < quickEndMs ? quickEnds + 1 : 1;
      options.note(`Redis ended (${message}); it starts again`);
      await pause(restartPauseMs, undefined, { signal: closing.signal });
      const before = redis.url;
      redis = await open(options);
      if (redis.url !== before) options.moved(redis.url);
    }
    options.failed(`the embedded Redis keeps ending; its own words are in ${options.dataDir}/redis.log`);
  };
  const watching = watch().catch((error: Error) => {
    if (!closing.signal.aborted) options.failed(error.message);
  });

  return {
    url,
    async close() {
      closing.abort();
      // First the server that runs now; then the one that may just be starting in its place.
      await redis.close();
      await watching;
      await redis.close();
    },
  };
}

async function open(options: EmbeddedRedisOptions) {
  try {
    return await startLocalRedis({
      dataDir: options.dataDir,
      persistence: 'append-only',
      env: { ...options.environment },
    });
  } catch (error) {
    if (error instanceof LocalRedisError) {
      throw new Problem(error.message, ['Or point REDIS_URL at a Redis of your own.']);
    }
    throw error;
  }
}
