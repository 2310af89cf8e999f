import { randomBytes } from 'node:crypto';
import { afterAll, onTestFinished } from 'vitest';
import { connectToTestRedis } from './test-connection.ts';

/**
 * A key prefix that no other test uses, for one test; to be called in the test or in its `beforeEach`. All tests share
 * one Redis, so this is what keeps them apart. Its keys go with the test, unless it fails: then they are the evidence.
 */
export function testNamespace(): string {
  const namespace = newNamespace();
  onTestFinished(async ({ task }) => {
    if (task.result?.state !== 'fail') await deleteKeys(namespace);
  });
  return namespace;
}

/** The same for all tests of a file that share what they run against; to be called at the top of the file. */
export function fileNamespace(): string {
  const namespace = newNamespace();
  // biome-ignore lint/correctness/noEmptyPattern: vitest wants a pattern for the fixtures, of which there are none here.
  afterAll(async ({}, file) => {
    if (file.result?.state !== 'fail') await deleteKeys(namespace);
  });
  return namespace;
}

function newNamespace(): string {
  return `t-${randomBytes(8).toString('hex')}`;
}

const SCAN_COUNT = 1_000;

async function deleteKeys(namespace: string): Promise<void> {
  await using redis = connectToTestRedis();
  let cursor = '0';
  do {
    // Wherever it stands in the key: `t-x:a`, `{t-x}:a` and `bull:{t-x}:a` alike.
    const [next, keys] = await redis.scan(cursor, 'MATCH', `*${namespace}*`, 'COUNT', SCAN_COUNT);
    if (keys.length > 0) await redis.unlink(keys);
    cursor = next;
  } while (cursor !== '0');
}
