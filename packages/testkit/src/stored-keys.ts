import type { Redis } from 'ioredis';

/** One key as it stands in Redis, so that what one version wrote can be given to another. */
type StoredKey =
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'list' | 'set'; readonly value: readonly string[] }
  | { readonly type: 'hash'; readonly value: Readonly<Record<string, string>> }
  | { readonly type: 'zset'; readonly value: readonly (readonly [member: string, score: string])[] };

/** By the name after the namespace's hash tag. */
export type StoredKeys = Readonly<Record<string, StoredKey>>;

/** Puts keys into a namespace as another version of the program left them. */
export async function writeStoredKeys(redis: Redis, namespace: string, keys: StoredKeys): Promise<void> {
  for (const [name, stored] of Object.entries(keys)) await writeStoredKey(redis, `{${namespace}}:${name}`, stored);
}

async function writeStoredKey(redis: Redis, key: string, stored: StoredKey): Promise<void> {
  switch (stored.type) {
    case 'string':
      await redis.set(key, stored.value);
      return;
    case 'list':
      await redis.rpush(key, ...stored.value);
      return;
    case 'set':
      await redis.sadd(key, ...stored.value);
      return;
    case 'hash':
      await redis.hset(key, stored.value);
      return;
    case 'zset':
      await redis.zadd(key, ...stored.value.flatMap(([member, score]) => [score, member]));
      return;
  }
}
