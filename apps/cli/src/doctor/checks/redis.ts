import type { LiveWorker } from '@video-proxy/ledger';
import { findRedisServer } from '@video-proxy/local-redis';
import { parseRedisUrl, RedisUrlError } from '@video-proxy/redis';
import { type Finding, fail, ok, warn } from '../finding.ts';

/** How Redis keeps what it is told; null where it does not say (CONFIG forbidden, as some hosts do). */
export interface Persistence {
  readonly appendOnly: boolean | null;
  readonly maxmemoryPolicy: string | null;
}

/** What one visit to Redis brought; `reason` is its own or the network's word. */
export type RedisVisit =
  | { readonly kind: 'answered'; readonly persistence: Persistence; readonly workers: readonly LiveWorker[] }
  | { readonly kind: 'away'; readonly code: string; readonly reason: string };

/** The configured Redis. Its address is never shown whole: it may hold a password. */
export function examineRedis(url: string, visit: RedisVisit): readonly Finding[] {
  const place = placeOf(url);
  if (visit.kind === 'away') return [unreachable(place, visit)];
  const findings = [...weaknesses(place, visit.persistence)];
  if (findings.length > 0) return findings;
  return [ok('redis', `Redis at ${place} answers, append-only, noeviction`)];
}

/** Without REDIS_URL `npm start` brings its own, append-only and noeviction by its own command line. */
export async function examineEmbeddedRedis(env: NodeJS.ProcessEnv): Promise<readonly Finding[]> {
  const server = await findRedisServer({ env });
  switch (server.kind) {
    case 'binary':
      return [ok('redis', `REDIS_URL not set: npm start runs ${server.path} under DATA_DIR, append-only`)];
    case 'docker':
      return [ok('redis', `REDIS_URL not set: npm start runs ${server.image} in Docker under DATA_DIR, append-only`)];
    case 'missing':
      return [
        fail(
          'redis',
          'redis_missing',
          `REDIS_URL not set and no redis-server here: ${server.reason}`,
          'run npm start once, which installs one, or set REDIS_URL',
        ),
      ];
  }
}

function unreachable(place: string, { code, reason }: Extract<RedisVisit, { kind: 'away' }>): Finding {
  if (/^(NOAUTH|WRONGPASS|NOPERM)/.test(reason)) {
    return fail(
      'redis',
      'redis_auth',
      `Redis at ${place} refuses the password (${reason.split(' ', 1)[0]})`,
      'correct user and password in REDIS_URL and restart',
    );
  }
  const words: Readonly<Record<string, string>> = {
    ECONNREFUSED: 'connection refused',
    ENOTFOUND: 'DNS knows no such host',
    EAI_AGAIN: 'DNS gives no answer',
    ENOENT: 'no such socket file',
  };
  return fail(
    'redis',
    'redis_unreachable',
    `Redis unreachable at ${place}: ${words[code] ?? reason}`,
    'start Redis, or correct REDIS_URL and restart; jobs already accepted are kept in it',
  );
}

function* weaknesses(place: string, { appendOnly, maxmemoryPolicy }: Persistence): Generator<Finding> {
  if (appendOnly === false) {
    yield fail(
      'redis',
      'redis_not_persistent',
      `Redis at ${place} is not persistent (appendonly no): a crash loses accepted jobs`,
      'redis-cli CONFIG SET appendonly yes, and put it into its configuration',
    );
  }
  if (maxmemoryPolicy !== null && maxmemoryPolicy !== 'noeviction') {
    yield fail(
      'redis',
      'redis_evicting',
      `Redis at ${place} is evicting (maxmemory-policy ${maxmemoryPolicy}): it silently drops jobs when memory runs out`,
      'redis-cli CONFIG SET maxmemory-policy noeviction, and put it into its configuration',
    );
  }
  if (appendOnly === null || maxmemoryPolicy === null) {
    yield warn(
      'redis',
      'redis_unknown',
      `Redis at ${place} answers, but does not tell its persistence and eviction policy`,
      'make sure of appendonly yes and maxmemory-policy noeviction at its host',
    );
  }
}

function placeOf(url: string): string {
  try {
    const target = parseRedisUrl(url);
    switch (target.kind) {
      case 'server':
        return `${target.host}:${target.port}`;
      case 'socket':
        return target.path;
      case 'cluster':
        return target.nodes.map(({ host, port }) => `${host}:${port}`).join(',');
      case 'sentinel':
        return `${target.name} (Sentinel)`;
    }
  } catch (error) {
    if (error instanceof RedisUrlError) return 'an unreadable address';
    throw error;
  }
}
