import { failure, failureGroupOf, type ProviderEvidence, type VideoJob } from '@video-proxy/core';
import { describe, expect, test } from 'vitest';

const evidence: ProviderEvidence = {
  name: 'aimlapi',
  statusCode: 401,
  requestId: 'r-1',
  path: null,
  timestamp: null,
  kind: null,
  message: null,
  clientRequestId: null,
};

function failedJob(known: Partial<ProviderEvidence> | null): Pick<VideoJob, 'model' | 'lifecycle'> {
  const why = failure('provider_auth_failed', { evidence: known === null ? null : { ...evidence, ...known } });
  const ended = { submittedAtMs: null, generationId: null, usage: null, endedAtMs: 1 };
  return { model: 'a/b', lifecycle: { state: 'failed', failure: why, ...ended } };
}

describe('the group of a failure', () => {
  test('is its code, the status and the word of the provider, and the model', () => {
    expect(failureGroupOf(failedJob({ kind: 'INVALID_KEY' }))).toEqual({
      code: 'provider_auth_failed',
      providerStatus: 401,
      kind: 'invalid_key',
      model: 'a/b',
    });
    expect(failureGroupOf(failedJob(null))).toMatchObject({ providerStatus: null, kind: null });
  });

  test.each([
    ['quota of 12.50 USD', 'quota of #.# USD'.toLowerCase()],
    ['Request 0123abcd-1234-beef failed', 'request # failed'],
    ['err_9f8e7d6c5b4a39281706', 'err_9f8e7d6c5b4a39281706'.replace(/[0-9]+/g, '#')],
    ['defaced', 'defaced'],
    ['  ', null],
    ['x'.repeat(500), 'x'.repeat(60)],
  ])('does not depend on ids and numbers in the provider’s word: %j', (kind, expected) => {
    expect(failureGroupOf(failedJob({ kind }))?.kind).toBe(expected);
  });

  test('is that of failed jobs alone', () => {
    expect(failureGroupOf({ model: 'a/b', lifecycle: { state: 'queued', queuedAtMs: 1, deferral: null } })).toBeNull();
  });
});
