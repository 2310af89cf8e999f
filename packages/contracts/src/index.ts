/** What crosses a process boundary, as zod schemas: HTTP bodies, queue payloads, settings. Changed by addition only. */
export { type AimlapiError, aimlapiError, type OpenaiError, openaiError, type ProblemCode } from './errors.ts';
export { createGenerationBody, type GenerationWire, generationWire, readGenerationQuery } from './generation.ts';
export {
  deletedInputFile,
  type InputFileWire,
  inputFileList,
  inputFileWire,
  listInputFilesQuery,
} from './input-file.ts';
export { type DeletedVideoJob, deletedVideoJob, type VideoJobEventWire, videoJobEventWire } from './job-events.ts';
export { type ModelList, type ModelWire, modelList, modelWire } from './models.ts';
export {
  type CreateOpenaiVideoBody,
  createOpenaiVideoBody,
  deletedOpenaiVideo,
  listOpenaiVideosQuery,
  type OpenaiVideo,
  openaiVideo,
  openaiVideoContentQuery,
  openaiVideoList,
  remixOpenaiVideoBody,
} from './openai-video.ts';
export { type InspectedJob, inspectedJob, operatorOrderBody } from './operators.ts';
export {
  type AuditAction,
  type AuditEntryWire,
  type AuditList,
  type AuditTargetType,
  auditEntry,
  auditList,
  auditQuery,
} from './ops/audit.ts';
export {
  type BulkAction,
  type BulkBody,
  type BulkPreview,
  type BulkRunWire,
  bulkBody,
  bulkPreview,
  bulkRun,
  bulkRunList,
} from './ops/bulk.ts';
export {
  type CredentialProbe,
  type CredentialReload,
  type CredentialReport,
  credentialProbe,
  credentialReload,
  credentialReport,
  type OperatorCredential,
} from './ops/credential.ts';
export type { StandingHoldWire } from './ops/evidence.ts';
export { type FailureGroup, type FailureGroups, failureGroup, failureGroups, failuresQuery } from './ops/failures.ts';
export {
  type JobFilter,
  jobFilter,
  type OperatorJob,
  type OperatorJobList,
  type OperatorJobWhole,
  operatorJob,
  operatorJobList,
  operatorJobWhole,
  type SearchJobsQuery,
  searchJobsQuery,
} from './ops/jobs.ts';
export { type AttentionItem, type OperatorOverview, operatorOverview } from './ops/overview.ts';
export {
  type DispatchState,
  dispatchState,
  type OperatorQueues,
  operatorQueues,
  type PauseBody,
  pauseBody,
  resumeBody,
} from './ops/queues.ts';
export { type OperatorSession, operatorRoles, operatorSession } from './ops/session.ts';
export { type OperatorWorker, type OperatorWorkers, operatorWorker, operatorWorkers } from './ops/workers.ts';
export { type Readiness, readiness } from './readiness.ts';
export type { SaidWire } from './said.ts';
export {
  aimlapiBaseUrl,
  apiSettings,
  chooseProvider,
  type Environment,
  type ProviderChoice,
  readSettings,
  type SettingsResult,
  sharedSettings,
  workerSettings,
} from './settings.ts';
export {
  type JobStepName,
  type StepName,
  type StepPayloads,
  type StepTrouble,
  type StepTroubleKind,
  stepCatalog,
} from './steps.ts';
export { s3AccessOf } from './storage-settings.ts';
export { type TraceSettings, traceSettingsOf } from './trace-settings.ts';
export {
  type CreateVideoJobBody,
  createVideoJobBody,
  listVideoJobsQuery,
  promptLengthMax,
  readVideoJobQuery,
  retryVideoJobBody,
  type VideoJobListWire,
  type VideoJobRequest,
  type VideoJobWire,
  videoJobList,
  videoJobWire,
  waitSecondsMax,
} from './video-job.ts';
export {
  listDeliveriesQuery,
  type WebhookDelivery,
  webhookDelivery,
  webhookDeliveryList,
  webhookEvent,
  webhookUrlLengthMax,
} from './webhooks.ts';
