import type { FailureCode, GenerationKind, VideoJobState } from '@video-proxy/core';

/**
 * Every key of the ledger, and nothing else in Redis, is named here.
 *
 * All of them share the hash tag `{namespace}`, so that in a Cluster they live in one slot and one script may touch them
 * together. The names are short because each is stored once per job.
 */
export function ledgerKeys(namespace: string) {
  const root = `{${namespace}}:`;
  return {
    /** List: one video job, its document first (stored-job.ts), then the lines of its history (history.ts). */
    job: (ulid: string) => `${root}job:${ulid}`,
    /** String with expiry: `<ulid>:<hash of the body>` under the hash of owner and idempotency key. */
    idempotency: (hash: string) => `${root}once:${hash}`,

    // Sorted sets of ULIDs, all with score 0: their order is that of creation, and pages are ranges of names.
    state: (state: VideoJobState) => `${root}state:${state}`,
    owner: (owner: string) => `${root}owner:${owner}`,
    model: (model: string) => `${root}model:${model}`,
    code: (code: FailureCode) => `${root}code:${code}`,

    /** Hash from the id of each group of failed jobs to what they have in common (failure-groups.ts). */
    failureGroups: `${root}failures`,
    /** Sorted set of the ULIDs of a group, all with score 0; beside it two by the time of failure (lua/video-job.lua). */
    failureGroup: (id: string) => `${root}failures:${id}`,
    failureTimes: (id: string) => `${root}failures:${id}:times`,
    failuresBilled: (id: string) => `${root}failures:${id}:billed`,

    /** Of ended jobs that are still looked at. */
    watched: `${root}watched`,

    /** Sorted set of the ULIDs of an owner's queued jobs, by the time since which they wait. */
    waiting: (owner: string) => `${root}waiting:${owner}`,
    /** Sorted set of the ULIDs of an owner's jobs that were sent and have not ended; all with score 0. */
    underway: (owner: string) => `${root}underway:${owner}`,
    /** Sorted set of the owners with queued jobs by the round of their next turn (lua/next-turn.lua). */
    turns: `${root}turns`,
    /** String: the round of the last turn. */
    round: `${root}round`,
    /** Sorted set of the ULIDs of queued jobs that must not be taken before a time, which is their score. */
    reserved: `${root}reserved`,
    /** Where the version before kept the ULIDs of all queued jobs: moved to the owners' sets when they are found. */
    waitingBefore: `${root}waiting`,

    /** Hash from `g:<generation id>`, `r:<provider request id>` and, of failed jobs, `o:<our request id>` to the ULID. */
    providerIds: `${root}provider-ids`,

    /** List with expiry: how many milliseconds the last generations of a kind took, newest first. */
    times: ({ provider, model, lengthSeconds }: GenerationKind) =>
      `${root}times:${provider}:${model}:${lengthSeconds ?? 'any'}`,

    /** String: what is known about the provider account. */
    credential: `${root}credential`,
    /** List: its earlier states, newest first. */
    credentialHistory: `${root}credential:history`,
    /** Hash from scope to hold: `ops`, `provider`, `account:<fingerprint of the key>`, `model:<id>`; and `trial`. */
    holds: `${root}holds`,
    /** Hash from model id to the lowest and the highest price that the provider has told, in US dollars. */
    prices: `${root}prices`,
    /** String: one input file. */
    inputFile: (id: string) => `${root}input:${id}`,
    /** Sorted set of the ids of an owner's input files, all with score 0. */
    inputFilesOf: (owner: string) => `${root}inputs:${owner}`,
    /** Sorted set of the ids of all input files by the time of their last use. */
    inputsByUse: `${root}inputs-by-use`,
    /** Hash from owner to the size of all their input files. */
    inputBytes: `${root}input-bytes`,
    /** Set of the storage keys of files that belong to no job and could not be deleted yet. */
    leftFiles: `${root}left-files`,
    /** Sorted set of the ULIDs of ended jobs whose webhook has not been prepared yet, by the time of their end. */
    outbox: `${root}outbox`,
    /** String with expiry: one delivery of a webhook. */
    delivery: (id: string) => `${root}delivery:${id}`,
    /** Sorted set with expiry of the ids of a job's deliveries, by the time of their making. */
    deliveriesOf: (ulid: string) => `${root}deliveries:${ulid}`,
    /** The same of all jobs. */
    deliveries: `${root}deliveries`,
    /** Sorted set of the ids of pending deliveries by the time of their next try. */
    deliveriesDue: `${root}deliveries-due`,
    /** Hash with expiry: `failing` and `off`, the times since which a receiver of webhooks fails and is not called any more. */
    receiver: (hash: string) => `${root}receiver:${hash}`,
    /** Hash from worker id to its last heartbeat. */
    workers: `${root}workers`,
    /** Hash with expiry: what operators ask of the workers, by its id. */
    questions: `${root}questions`,
    /** Hash with expiry from worker id to its answer. */
    answers: (question: string) => `${root}answers:${question}`,
    /** Hash from the name of an incident to when it began and whether operators have been told. */
    incidents: `${root}incidents`,
    /** Hash from the id of an order of an operator to what is known about it; sorted set of the ids, all with score 0. */
    audit: `${root}audit`,
    auditIds: `${root}audit:ids`,
    /** Hash: an action on many jobs, as a preview (with expiry) or as a run. */
    bulk: (id: string) => `${root}bulk:${id}`,
    /** List of its jobs, `<ULID> <attempt>`. */
    bulkJobs: (id: string) => `${root}bulk:${id}:jobs`,
    /** List of what went wrong with some of them. */
    bulkProblems: (id: string) => `${root}bulk:${id}:problems`,
    /** Sorted sets of the ids of runs, all with score 0: of those that are not finished, and of all. */
    bulkWaiting: `${root}bulk-waiting`,
    bulkRuns: `${root}bulk-runs`,
    /** Never exists: a write that needs it does nothing, but says whether writes are taken. */
    neverThere: `${root}never-there`,
    /** String: written only to have something that comes after all other writes, and can be waited for. */
    barrier: `${root}barrier`,
    /** String with expiry: who does some upkeep for all. */
    lease: (name: string) => `${root}lease:${name}`,

    /** Pub/sub channel of all changes. */
    changes: `${root}changes`,
  } as const;
}

export type LedgerKeys = ReturnType<typeof ledgerKeys>;
