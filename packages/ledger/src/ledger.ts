import type { Persistence } from '@video-proxy/core';
import { type AuditLog, auditLog } from './audit.ts';
import { type BulkRuns, bulkRuns } from './bulk.ts';
import { type ChangeFeed, openChangeFeed } from './change-feed.ts';
import { type CredentialRecords, credentialRecords } from './credential.ts';
import { type Deliveries, deliveries } from './deliveries.ts';
import { type FailureRecords, failureRecords } from './failures.ts';
import { type GenerationTimes, generationTimes } from './generation-times.ts';
import { type Holds, holdRecords } from './holds.ts';
import { type Incidents, incidentRecords } from './incidents.ts';
import { type InputFiles, inputFiles } from './input-files.ts';
import { ledgerKeys } from './keys.ts';
import { type Leases, leases } from './leases.ts';
import { type LeftFiles, leftFiles } from './left-files.ts';
import { type Questions, questionRecords } from './questions.ts';
import { jobRates, type Rates } from './rates.ts';
import { type LedgerTools, loadScripts, type RedisConnection } from './scripts.ts';
import { type VideoJobSearch, videoJobSearch } from './search.ts';
import { loadOf, persistenceOf, type ServerLoad } from './server.ts';
import { type Turns, turns } from './turns.ts';
import { type VideoJobWriting, videoJobWriting } from './video-jobs.ts';
import { type WorkerRecords, workerRecords } from './workers.ts';

export type VideoJobRecords = VideoJobWriting & VideoJobSearch;

export interface Ledger extends AsyncDisposable {
  readonly jobs: VideoJobRecords;
  readonly credential: CredentialRecords;
  readonly holds: Holds;
  readonly workers: WorkerRecords;
  readonly times: GenerationTimes;
  readonly leases: Leases;
  readonly leftFiles: LeftFiles;
  readonly inputs: InputFiles;
  readonly turns: Turns;
  readonly deliveries: Deliveries;
  readonly rates: Rates;
  readonly questions: Questions;
  readonly incidents: Incidents;
  readonly failures: FailureRecords;
  readonly audit: AuditLog;
  readonly bulk: BulkRuns;
  readonly changes: ChangeFeed;
  ping(): Promise<void>;
  /** What the server carries: one round trip that writes nothing. */
  load(): Promise<ServerLoad>;
  persistence(): Promise<Persistence>;
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
  const tools: LedgerTools = { redis, scripts: loadScripts(redis), keys };
  const changes = openChangeFeed(subscriber, keys.changes);
  const close = async () => changes.close();
  return {
    jobs: { ...videoJobWriting(tools), ...videoJobSearch(tools) },
    credential: credentialRecords(tools),
    holds: holdRecords(tools),
    workers: workerRecords(tools),
    times: generationTimes(tools),
    leases: leases(tools),
    leftFiles: leftFiles(tools),
    inputs: inputFiles(tools),
    turns: turns(tools),
    deliveries: deliveries(tools),
    rates: jobRates(tools),
    questions: questionRecords(tools),
    incidents: incidentRecords(tools),
    failures: failureRecords(tools),
    audit: auditLog(tools),
    bulk: bulkRuns(tools),
    changes,
    async ping() {
      await redis.ping();
    },
    load: () => loadOf(tools),
    persistence: () => persistenceOf(redis),
    close,
    [Symbol.asyncDispose]: close,
  };
}
