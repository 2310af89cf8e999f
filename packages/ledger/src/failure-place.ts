import { hash } from 'node:crypto';
import { type Failed, type FailureCode, type FailureGroup, failureGroupOf, type VideoJob } from '@video-proxy/core';
import type { LedgerKeys } from './keys.ts';

/** 48 bits: there are at most some hundred groups at a time. */
const idLength = 12;
const restPrefix = 'rest-';

/** What a script has to know to count a failed job with its group (lua/video-job.lua). */
export function failurePlaceOf(keys: LedgerKeys, job: VideoJob, failed: Failed): { key: string; detail: string } {
  const group = failureGroupOf(job);
  if (group === null) throw new Error(`${job.id} has not failed`);
  const id = groupIdOf(group);
  const rest = restOf(group.code);
  return {
    key: keys.failureGroup(id),
    detail: JSON.stringify({
      id,
      rest: restIdOf(group.code),
      common: writeGroup(group),
      rest_common: writeGroup(rest),
      owner: job.owner,
      at: String(failed.endedAtMs),
      unsafe: failed.failure.billed !== 'no',
    }),
  };
}

/** The same failures have the same id, whenever and wherever they are met. */
export function groupIdOf(group: FailureGroup): string {
  return hash('sha256', writeGroup(group), 'hex').slice(0, idLength);
}

/** The id of the group of a job that is failed now; null for any other. */
export function failureGroupIdOf(job: Pick<VideoJob, 'model' | 'lifecycle'>): string | null {
  const group = failureGroupOf(job);
  return group === null ? null : groupIdOf(group);
}

export const restIdOf = (code: FailureCode): string => restPrefix + code;
const restOf = (code: FailureCode): FailureGroup => ({ code, providerStatus: null, kind: null, model: null });

function writeGroup({ code, providerStatus, kind, model }: FailureGroup): string {
  return JSON.stringify([code, providerStatus, kind, model]);
}

export function readGroup(text: string): FailureGroup {
  const [code, providerStatus, kind, model] = JSON.parse(text) as [FailureCode, number | null, string | null, string];
  return { code, providerStatus, kind, model };
}
