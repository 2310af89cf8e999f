import { parseRedisUrl, RedisUrlError } from '@video-proxy/redis';
import { describe, expect, test } from 'vitest';

const noAccess = { username: null, password: null, tls: false };

describe('an address', () => {
  test.each([
    ['redis://localhost', { kind: 'server', host: 'localhost', port: 6379, db: 0, ...noAccess }],
    ['redis://127.0.0.1:7000/3', { kind: 'server', host: '127.0.0.1', port: 7000, db: 3, ...noAccess }],
    ['redis://[::1]:7000', { kind: 'server', host: '::1', port: 7000, db: 0, ...noAccess }],
    [
      'rediss://app:p%40ss%2Fword@cache.example:6380',
      { kind: 'server', host: 'cache.example', port: 6380, db: 0, username: 'app', password: 'p@ss/word', tls: true },
    ],
    [
      'redis://:only-password@host',
      { kind: 'server', host: 'host', port: 6379, db: 0, ...noAccess, password: 'only-password' },
    ],
    [
      'redis://:pw@a:7001,b:7002,c',
      {
        kind: 'cluster',
        nodes: [
          { host: 'a', port: 7001 },
          { host: 'b', port: 7002 },
          { host: 'c', port: 6379 },
        ],
        ...noAccess,
        password: 'pw',
      },
    ],
    [
      'redis+sentinel://:pw@s1,s2:26380/main?db=2',
      {
        kind: 'sentinel',
        sentinels: [
          { host: 's1', port: 26379 },
          { host: 's2', port: 26380 },
        ],
        name: 'main',
        db: 2,
        ...noAccess,
        password: 'pw',
      },
    ],
    [
      'unix:///run/redis/my%20redis.sock?db=1',
      { kind: 'socket', path: '/run/redis/my redis.sock', db: 1, ...noAccess },
    ],
  ])('%s is understood', (url, target) => {
    expect(parseRedisUrl(url)).toEqual(target);
  });
});

describe('a wrong address', () => {
  test.each([
    'localhost:6379',
    'http://:secret-word@host',
    'redis://:secret-word@host:99999',
    'redis://:secret-word@host name',
    'redis://:secret-word@',
    'redis://:secret-word@host/database',
    'redis://:secret-word@a,b/1',
    'redis+sentinel://:secret-word@a,b',
    'redis://:secret-word%@host',
    'redis://:secret@word@host',
    'unix://:secret-word@host/path',
  ])('%s is refused without repeating the password', (url) => {
    const refused = expect(() => parseRedisUrl(url));
    refused.toThrow(RedisUrlError);
    refused.not.toThrow(/secret/);
  });
});
