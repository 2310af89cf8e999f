import { type StorageServiceTrouble, StorageUnavailableError, said } from '@video-proxy/core';

/** What an S3 service means by its error codes, for the operator who set the storage up. */
const meanings: Readonly<Record<StorageServiceTrouble, string>> = {
  NoSuchBucket: 'there is no such bucket; create it, or correct STORAGE_URL',
  AccessDenied: 'the keys may not read, write and delete there; look at the policy of the bucket',
  InvalidAccessKeyId: 'the access key is not known to the service; look at AWS_ACCESS_KEY_ID and S3_ENDPOINT',
  SignatureDoesNotMatch: 'the secret does not belong to the access key; look at AWS_SECRET_ACCESS_KEY',
  ExpiredToken: 'the session token has expired; look at AWS_SESSION_TOKEN',
  PermanentRedirect: 'the bucket is in another region; set AWS_REGION',
  AuthorizationHeaderMalformed: 'the bucket is in another region; set AWS_REGION',
  RequestTimeTooSkewed: 'the clock of this machine is wrong',
  QuotaExceeded: 'the quota of the bucket is used up',
  SlowDown: 'the service asks to slow down',
  CredentialsProviderError: 'there are no keys; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY',
  ENOTFOUND: 'the name of the service cannot be resolved; look at S3_ENDPOINT',
  EAI_AGAIN: 'the name of the service cannot be resolved at the moment',
  ECONNREFUSED: 'the service refuses connections; look at S3_ENDPOINT',
  TimeoutError: 'the service does not answer in time',
};

/**
 * What a service, or the way to it, may do to anybody, as that. Named by codes only: the messages of services repeat keys and
 * addresses. For `.catch()`.
 */
export function s3Trouble(error: unknown): never {
  if (error instanceof StorageUnavailableError || !(error instanceof Error)) throw error;
  const codes = [error.name, ...('code' in error && typeof error.code === 'string' ? [error.code] : [])];
  const known = codes.find(isKnown);
  // An unreadable local file is ours.
  if (known === undefined && 'syscall' in error && 'path' in error) throw error;
  const finding = known === undefined ? 'the service gives an error' : meanings[known];
  const what = said(known === undefined ? 'storage_error' : `storage_${known}`, { error: known ?? codes.join(', ') });
  throw new StorageUnavailableError(`${finding} (${what.facts['error']})`, what, { cause: error });
}

const isKnown = (code: string): code is StorageServiceTrouble => Object.hasOwn(meanings, code);
