import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LocalRedis, type Persistence, startLocalRedis } from '@video-proxy/local-redis';
import { onTestFinished } from 'vitest';

/** A Redis for one test alone, which may be measured, killed and started again on the same data. */
export async function privateRedis(persistence: Persistence): Promise<() => Promise<LocalRedis>> {
  const dataDir = await mkdtemp(join(tmpdir(), 'video-proxy-ledger-'));
  let current: LocalRedis | null = null;
  onTestFinished(async () => {
    await current?.close();
    await rm(dataDir, { recursive: true, force: true });
  });
  return async () => {
    current = await startLocalRedis({ dataDir, persistence, env: process.env });
    return current;
  };
}
