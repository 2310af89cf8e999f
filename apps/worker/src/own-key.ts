import type { ApiKeySource } from '@video-proxy/aimlapi';
import type { CredentialRecord } from '@video-proxy/core';
import type { OwnCredentialRecord } from './credential-record.ts';
import type { SubmissionHolds } from './submission-holds.ts';

interface OwnKeyParts {
  readonly key: Pick<ApiKeySource, 'current'>;
  readonly record: Pick<OwnCredentialRecord, 'seen'>;
  readonly submissions: Pick<SubmissionHolds, 'keyChanged'>;
}

/** Brings the record in line with the key in our environment, and says whether the key can be sent at all. */
export function openKeyFollower({ key, record, submissions }: OwnKeyParts) {
  let followed: {
    readonly state: string;
    readonly fingerprint: string | null;
    readonly finding: string | null;
  } | null = null;
  let loadedFingerprint: string | null = null;

  async function follow(known: CredentialRecord | null): Promise<boolean> {
    const { inspection, fingerprint, finding, said } = key.current();
    const { state } = inspection;
    // Only a change of our own key is news: a worker with another key must not be argued with every second.
    const isFollowed =
      followed?.state === state && followed.fingerprint === fingerprint && followed.finding === finding;
    if (known === null || !isFollowed) {
      switch (state) {
        case 'missing':
          await record.seen('missing', { finding: `Missing AI_ML_API_KEY: ${finding}`, said });
          break;
        case 'malformed':
          await record.seen('malformed', { finding, said });
          break;
        case 'loaded':
          if (known?.fingerprint !== fingerprint) await keyLoaded(fingerprint);
          loadedFingerprint = fingerprint;
      }
      followed = { state, fingerprint, finding };
    }
    return state === 'loaded';
  }

  async function keyLoaded(fingerprint: string | null): Promise<void> {
    if (fingerprint !== loadedFingerprint) await submissions.keyChanged(loadedFingerprint);
    await record.seen('unchecked', { finding: null });
  }

  return follow;
}
