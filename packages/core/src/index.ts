/**
 * The rules of a video job, as pure functions of (state, event, time): no clock, no randomness, no I/O, no dependency.
 * Everything else in this repository carries these decisions out.
 */
export { type AdmissionRefusal, admissionRefusal, type StoreLoad } from './admission.ts';
export { type ApiKeyFlaw, type ApiKeyInspection, inspectApiKey, keyAnnouncement } from './api-key.ts';
export { attentionOf } from './attention/attention.ts';
export { holdDifferentKeys, type InstallationFacts, isFailureSpike, type RecentEnds } from './attention/facts.ts';
export type { Attention, AttentionCode, Severity } from './attention/item.ts';
export {
  type CredentialRecord,
  type CredentialState,
  credentialStateAfter,
  credentialStates,
  holdCodeFor,
} from './credential.ts';
export {
  afterTry,
  type Delivery,
  type DeliveryState,
  type DeliveryTry,
  type DeliveryType,
  deliveryOf,
  deliveryTriesMax,
  type ReceiverNews,
  resent,
  type TryResult,
  turnedOff,
} from './deliveries.ts';
export type { HistoryLineType, ObservationType, VideoJobEvent, VideoJobEventType } from './events.ts';
export type { ProviderEvidence, ProviderName } from './evidence.ts';
export { type FailureGroup, failureGroupOf } from './failure-group.ts';
export {
  type Billed,
  type Failure,
  type FailureCode,
  type FailureMeaning,
  failure,
  failureCodes,
  failureTable,
} from './failures.ts';
export { failureInChinese, holdInChinese, pausedBecause } from './failures-in-chinese.ts';
export { accountTroubles, providerPages, type Trouble, troubles, unrecordedGenerations } from './findings.ts';
export {
  afterBalance,
  afterDoubt,
  afterGoodAnswer,
  afterLostTrial,
  afterOrderedProbe,
  afterRefusal,
  providerPauseMs,
  type Refusal,
  trialPauseMs,
} from './hold-changes.ts';
export {
  type Acceptance,
  accountHoldOf,
  hasHolds,
  holdCodes,
  holdingModel,
  holdOn,
  isDearer,
  isPaused,
  modelFinding,
  modelSaid,
  noHolds,
  type OpsHold,
  type PriceRange,
  type SharedHold,
  type StandingHolds,
  type Trial,
  tooFewCredits,
  tooFewCreditsSaid,
  type Waiting,
} from './holds.ts';
export {
  afterLook,
  afterTelling,
  findingOf,
  type Incident,
  isIncident,
  isToBeTold,
  newIncident,
} from './incidents.ts';
export { inputIdOf, isInputId, type PlacedText, textsOf, withTexts } from './inputs.ts';
export { flawsOf, type Persistence, type StoreFlaw } from './job-store.ts';
export type { JsonObject, JsonValue } from './json.ts';
export {
  type Discovery,
  type GenerationKind,
  generationKindOf,
  type LearntTimes,
  learntTimesOf,
  sampleMsOf,
} from './learnt-times.ts';
export { bulkStopped, isOrderable, type JobOrder, orderEvents } from './orders.ts';
export { isFresh, type Passage, passageOf } from './passage.ts';
export { backoffDelayMs, nextPollDelayMs, shortestPollPauseMs } from './poll-schedule.ts';
export {
  type ArtifactFetcher,
  type ArtifactStorage,
  type ByteRange,
  type CreateOutcome,
  type FetchOutcome,
  type FindOutcome,
  type Found,
  type GenerationRequest,
  type LostRequest,
  type PollOutcome,
  type ProbeOutcome,
  StorageUnavailableError,
  type VideoProvider,
} from './ports.ts';
export { progressOf, remainingMsOf } from './progress.ts';
export { mayHaveBeenBilled, type PublicStatus, publicStatuses, publicStatusOf, statesOf } from './public-status.ts';
export { type KeyHolding, type Remedy, type RemedyCode, remediesFor } from './remedies.ts';
export { type Facts, type Remark, remark, type Said, said, saidWithin } from './said.ts';
export {
  type AnsweredSaid,
  type AnswerSaid,
  type BulkTrouble,
  type CallSaid,
  type DiskTrouble,
  type DownloadSaid,
  type FailureSaid,
  type FileKind,
  type FileSaid,
  type HoldSaid,
  type KeySaid,
  type SaidCode,
  type StorageSaid,
  type StorageServiceTrouble,
  type StoreSaid,
  unreachedReasons,
  type WebhookSaid,
} from './said-codes.ts';
export { transition } from './transition.ts';
export {
  type Cancelled,
  type Cancelling,
  type Completed,
  type Failed,
  type Generating,
  type Hold,
  type HoldCode,
  isTerminal,
  type Lifecycle,
  type Queued,
  type StoredVideo,
  type Storing,
  type SubmissionUnknown,
  type Submitting,
  terminalStates,
  type Underway,
  type Usage,
  type VideoJob,
  type VideoJobIdentity,
  type VideoJobState,
  videoJobStates,
} from './video-job.ts';
export {
  clientRequestIdOf,
  followedOf,
  generationIdOf,
  heldUsdOf,
  isLate,
  storageKeysOf,
  storedVideoOf,
  watchedUntilMsOf,
} from './video-job-facts.ts';
export { watchPauseMs } from './watch-schedule.ts';
