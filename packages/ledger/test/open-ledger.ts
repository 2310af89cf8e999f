import { type Ledger, openLedger } from '@video-proxy/ledger';
import { closeRedis, connectRedis, type RedisConnection, type RedisRole, untilReady } from '@video-proxy/redis';
import { testNamespace, testRedisUrl } from '@video-proxy/testkit';
import { onTestFinished } from 'vitest';

export interface OpenedLedger {
  readonly ledger: Ledger;
  readonly redis: RedisConnection;
  readonly namespace: string;
}

/** A ledger of its own for one test, closed with it. Several processes share one when they are given its namespace. */
export async function openTestLedger(
  known: { url?: string; namespace?: string; role?: RedisRole } = {},
): Promise<OpenedLedger> {
  const { url = testRedisUrl(), namespace = testNamespace(), role = 'request' } = known;
  const connect = (connectionRole: RedisRole) => connectRedis(url, { role: connectionRole, onError: () => {} });
  const redis = connect(role);
  const ledger = openLedger({ redis, subscriber: () => connect('subscriber'), namespace });
  onTestFinished(async () => {
    await ledger.close();
    await closeRedis(redis);
  });
  await untilReady(redis, 5_000);
  return { ledger, redis, namespace };
}

/** The names of all keys of a namespace. */
export async function keysOf({ redis, namespace }: OpenedLedger): Promise<string[]> {
  return (await redis.keys(`{${namespace}}:*`)).sort();
}
