import { type ChangeFeed, openChangeFeed } from './changes.ts';
import { type CredentialRecords, credentialRecords } from './credential.ts';
import { ledgerKeys } from './keys.ts';
import { loadScripts, type RedisConnection } from './scripts.ts';
import { type VideoJobSearch, videoJobSearch } from './search.ts';
import { type VideoJobWriting, videoJobWriting } from './video-jobs.ts';
import { type WorkerRecords, workerRecords } from './workers.ts';

export type VideoJobRecords = VideoJobWriting & VideoJobSearch;

export interface Ledger extends AsyncDisposable {
  readonly jobs: VideoJobRecords;
  readonly credential: CredentialRecords;
  readonly workers: WorkerRecords;
  readonly changes: ChangeFeed;
  ping(): Promise<void>;
  /** How safe the records are; null where the server does not say. */
  persistence(): Promise<{ readonly appendOnly: boolean | null; readonly maxmemoryPolicy: string | null }>;
  /** Ends the change feed and its connection. The connection that was passed in stays open. */
  close(): Promise<void>;
}

/**
 * @param redis the connection for commands; its owner closes it
 * @param subscriber opens the connection of the change feed, called once, when somebody first listens; the ledger closes it
 * @param namespace all keys begin with `{namespace}:`
 */
export function openLedger({
  redis,
  subscriber,
  namespace,
}: {
  redis: RedisConnection;
  subscriber: () => RedisConnection;
  namespace: string;
}): Ledger {
  const keys = ledgerKeys(namespace);
  const scripts = loadScripts(redis);
  const changes = openChangeFeed(subscriber, keys.changes);
  const close = async () => changes.close();
  return {
    jobs: { ...videoJobWriting({ redis, scripts, keys }), ...videoJobSearch(redis, scripts, keys) },
    credential: credentialRecords(redis, scripts, keys),
    workers: workerRecords(redis, keys),
    changes,
    async ping() {
      await redis.ping();
    },
    async persistence() {
      const information = await redis.info().catch((error: Error) => {
        // Some hosted servers forbid the command.
        if (error.name === 'ReplyError') return '';
        throw error;
      });
      const appendOnly = /^aof_enabled:(\d)/m.exec(information)?.[1];
      return {
        appendOnly: appendOnly === undefined ? null : appendOnly === '1',
        maxmemoryPolicy: /^maxmemory_policy:(\S+)/m.exec(information)?.[1] ?? null,
      };
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}
