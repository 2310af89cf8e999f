import { flawsOf, type Persistence, type StoreFlaw } from '@video-proxy/core';
import type { LiveWorker } from '@video-proxy/ledger';
import { findRedisServer } from '@video-proxy/local-redis';
import { parseRedisUrl, RedisUrlError } from '@video-proxy/redis';
import { type Finding, fail, ok, warn } from '../finding.ts';

/** What one visit to Redis brought; `reason` is its own or the network's word. */
export type RedisVisit =
  | { readonly kind: 'answered'; readonly persistence: Persistence; readonly workers: readonly LiveWorker[] }
  | { readonly kind: 'away'; readonly code: string; readonly reason: string };

/** The configured Redis. Its address is never shown whole: it may hold a password. */
export function examineRedis(url: string, visit: RedisVisit): readonly Finding[] {
  const place = placeOf(url);
  if (visit.kind === 'away') return [unreachable(place, visit)];
  const findings = flawsOf(visit.persistence).map((flaw) => weakness(place, flaw));
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

const causes = {
  not_persistent: 'redis_not_persistent',
  evicting: 'redis_evicting',
  unknown: 'redis_unknown',
} as const satisfies Record<StoreFlaw['code'], string>;

function weakness(place: string, { code, finding, remedy }: StoreFlaw): Finding {
  const judge = code === 'unknown' ? warn : fail;
  return judge('redis', causes[code], `Redis at ${place} ${finding}`, remedy);
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
