/**
 * The one truth about video jobs, in Redis: their documents, histories and indexes, idempotency keys, what is known about
 * the provider account, holds, and who is at work. The queue only schedules; whenever the two disagree, the ledger is right.
 *
 * A change is one script: it writes only when the version it is based on still stands, and then writes everything.
 */

export type { AuditLog, AuditRecord } from './audit.ts';
export type { BulkRuns } from './bulk.ts';
export type { BulkCounts, BulkOrder, BulkPlan, BulkProblem, BulkRun, SeenJob } from './bulk-run.ts';
export type { Change, ChangeFeed, ChangeListener } from './change-feed.ts';
export type { Application } from './change-job.ts';
export type { Creation, Idempotency } from './create-job.ts';
export type { CredentialRecords } from './credential.ts';
export type {
  Announcement,
  Deliveries,
  DeliveryChange,
  DeliveryPage,
  ReceiverRecord,
  UnannouncedEnd,
} from './deliveries.ts';
export { type Durability, type DurabilityReports, openDurability } from './durability.ts';
export { failureGroupIdOf } from './failure-place.ts';
export type { CountedFailures, FailureRecords, TrendSteps } from './failures.ts';
export type { VideoJobFilter } from './filter.ts';
export type { GenerationTimes } from './generation-times.ts';
export type { Observation, RecordedEvent } from './history.ts';
export type { HoldChange, HoldScope, Holds, PauseChange } from './holds.ts';
export type { Incidents } from './incidents.ts';
export type { InputFile, InputFiles } from './input-files.ts';
export type { Leases } from './leases.ts';
export { type Ledger, openLedger, type VideoJobRecords } from './ledger.ts';
export type { PromptPage, PromptSearch } from './prompt-search.ts';
export type { Question, QuestionKind, Questions } from './questions.ts';
export type { JobsOfSpan, Rates } from './rates.ts';
export type { NamedJob, VideoJobPage, VideoJobSlice } from './search.ts';
export type { ServerLoad } from './server.ts';
export { checkStore, UnsafeStoreError } from './store-check.ts';
export type { Standing, Turn, TurnRules, Turns } from './turns.ts';
export { newVideoJobId } from './video-job-id.ts';
export type { KeySource, LiveWorker, WorkerDescription, WorkerRecords } from './workers.ts';
