import { afterAll, expect, test } from 'vitest';
import { connectToTestRedis, testNamespace } from '../src/index.ts';

const seen: string[] = [];

test('a namespace belongs to one test alone', () => {
  seen.push(testNamespace(), testNamespace());

  expect(new Set(seen).size).toBe(2);
});

test('keys can be written anywhere below a namespace', async () => {
  await using redis = connectToTestRedis();
  const namespace = testNamespace();
  seen.push(namespace);

  await redis.mset(`${namespace}:a`, '1', `{${namespace}}:b`, '1', `bull:{${namespace}}:c`, '1');

  expect(await redis.keys(`*${namespace}*`)).toHaveLength(3);
});

afterAll(async () => {
  await using redis = connectToTestRedis();
  const left = await Promise.all(seen.map((namespace) => redis.keys(`*${namespace}*`)));
  expect(left.flat(), 'keys of passed tests are gone').toEqual([]);
});
