import { openLedger } from '@video-proxy/ledger';
import { closeRedis, connectRedis, RedisUrlError, untilReady } from '@video-proxy/redis';
import type { RedisVisit } from './checks/redis.ts';

/** The namespace of all processes of this service. */
const namespace = 'vp';
const patienceMs = 4_000;

/** Asks Redis what it is like and who is at work. Never throws for what a Redis may do. */
export async function visitRedis(url: string): Promise<RedisVisit> {
  let lastError: Error = new Error('no answer in time');
  const connect = () =>
    connectRedis(url, {
      role: 'request',
      onError(error) {
        lastError = error;
      },
    });
  let redis: ReturnType<typeof connect>;
  try {
    redis = connect();
  } catch (error) {
    if (error instanceof RedisUrlError) return { kind: 'away', code: 'URL', reason: error.message };
    throw error;
  }
  try {
    await untilReady(redis, patienceMs);
    await using ledger = openLedger({ redis, subscriber: connect, namespace });
    const [persistence, workers] = await Promise.all([ledger.persistence(), ledger.workers.list(Date.now())]);
    return { kind: 'answered', persistence, workers };
  } catch (error) {
    const reason = error instanceof Error && error.name === 'ReplyError' ? error : lastError;
    return { kind: 'away', code: codeOf(reason), reason: reason.message };
  } finally {
    await closeRedis(redis, 0);
  }
}

function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : '';
}
