import type { AdmissionRefusal } from './admission.ts';
import type { ApiKeyFlaw } from './api-key.ts';

/*
 * What a text for operators, or a part of it, can be made from: every code there is, by what it is about. Whoever tells them
 * in another language has a table of each, and the compiler names the codes that are missing there.
 */

/** What is wrong with the key before it is sent. */
export type KeySaid =
  | `key_${ApiKeyFlaw | 'not_set' | 'file_not_a_file' | 'file_too_large' | 'file_empty' | 'file_unreadable'}`
  | 'too_few_credits';

/** Why the job store takes no new jobs. */
export type StoreSaid = `store_${AdmissionRefusal['reason']}`;

export type DiskTrouble = 'ENOSPC' | 'EDQUOT' | 'EROFS' | 'EACCES' | 'EPERM' | 'ENOTDIR' | 'EIO' | 'EMFILE' | 'ENFILE';

export type StorageServiceTrouble =
  | 'NoSuchBucket'
  | 'AccessDenied'
  | 'InvalidAccessKeyId'
  | 'SignatureDoesNotMatch'
  | 'ExpiredToken'
  | 'PermanentRedirect'
  | 'AuthorizationHeaderMalformed'
  | 'RequestTimeTooSkewed'
  | 'QuotaExceeded'
  | 'SlowDown'
  | 'CredentialsProviderError'
  | 'ENOTFOUND'
  | 'EAI_AGAIN'
  | 'ECONNREFUSED'
  | 'TimeoutError';

/** Why files cannot be kept. */
export type StorageSaid = `storage_${
  | DiskTrouble
  | StorageServiceTrouble
  | 'no_room'
  | 'cut'
  | 'differs'
  | 'silent'
  | 'error'}`;

/** What stands in place of the provider's words where it gave none: how its answer stayed away. */
export type CallSaid = `call_${
  | 'unresolved'
  | 'refused'
  | 'unreachable'
  | 'unconnected'
  | 'unanswered'
  | 'insecure'
  | 'lost'
  | 'not_http'
  | 'closed_here'
  | 'closed'
  | 'failed'
  | 'given_up'
  | 'too_large'
  | 'without_key'}`;

/** The same where an answer came in which there are none. */
export type AnswerSaid = `answer_${
  | 'empty'
  | 'page'
  | 'unreadable'
  | 'wrong_address'
  | 'without_error'
  | 'balance'
  | 'log_without_id'
  | 'log_without_request'}`;

/** What somebody sent in place of a video. */
export type FileKind =
  | 'jpeg'
  | 'png'
  | 'gif'
  | 'riff'
  | 'flv'
  | 'ogg'
  | 'mp3'
  | 'gzip'
  | 'zip'
  | 'pdf'
  | 'html'
  | 'xml'
  | 'json'
  | 'hls'
  | 'text'
  | 'unknown';

/** Why a file is not a playable video. */
export type FileSaid = `file_${
  | 'not_a_video'
  | 'empty'
  | 'too_large'
  | 'damaged'
  | 'cut_off'
  | 'large_index'
  | 'without_index'
  | 'without_pictures'
  | 'without_content'
  | 'lacks_a_part'
  | 'unusual'
  | 'without_track'
  | 'only_sound'
  | 'without_size'
  | 'without_a_picture'
  | 'slow_to_read'
  | 'large_to_read'}`;

/** Why a file did not come. */
export type DownloadSaid = `download_${
  | 'unresolved'
  | 'unresolved_now'
  | 'refused'
  | 'unconnected'
  | 'unanswered'
  | 'stopped'
  | 'broken'
  | 'short'
  | 'ended_early'
  | 'too_slow'
  | 'status'
  | 'dead_link'
  | 'no_address'
  | 'redirects'
  | 'forbidden_place'
  | 'not_renewed'}`;

/** What the failure table does not tell about a job that failed. */
export type FailureSaid =
  `failure_${'input_deleted' | 'too_large_for_provider' | 'complaint' | 'generation_forgotten'}`;

/** What a hold's code does not tell about a job that waits. */
export type HoldSaid = `hold_${'record_unconfirmed' | 'files_unreadable'}`;

/** What became of one job of many. */
export type BulkTrouble = 'gone' | 'changed' | 'needs_consent' | 'broken' | 'stopped';

/** What workers answer to operators. */
export type AnsweredSaid = `probe_${'ok' | 'refused' | 'unavailable'}` | 'reloaded';

/** How a receiver of webhooks was not reached, as `postJson` of `packages/outbound` names it; any other name counts as `unreached`. */
export const unreachedReasons = [
  'timeout',
  'outbound_refused',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ECONNREFUSED',
  'ECONNRESET',
  'UND_ERR_SOCKET',
  'UND_ERR_CONNECT_TIMEOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'unreached',
] as const;

/** Why a receiver of webhooks did not take one. */
export type WebhookSaid = `webhook_${(typeof unreachedReasons)[number] | 'answered'}`;

export type SaidCode =
  | KeySaid
  | StoreSaid
  | StorageSaid
  | CallSaid
  | AnswerSaid
  | FileSaid
  | DownloadSaid
  | FailureSaid
  | HoldSaid
  | `bulk_${BulkTrouble}`
  | AnsweredSaid
  | WebhookSaid;
